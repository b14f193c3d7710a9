using System.Net;
using System.Net.Sockets;
using System.Text;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.ChatCompletions;

public sealed class SlowReaderTests(GatewayFixture fixture)
{
    private const int Words = 4_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reader_that_makes_no_room_holds_the_provider_back_and_is_cut_off_and_settled()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Gateway:SlowReaderAfter"] = "00:00:00.500" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, Cancellation)).WithRouteTableAsync(Cancellation);
        var gone = new TaskCompletionSource();
        var written = 0;
        var word = new string('w', 4_096);
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            for (; written < Words && !call.ClientGone.IsCompleted; written++)
                await call.TextAsync(word);
            await call.ClientGone;
            gone.SetResult();
            await call.SummaryAsync();
        });
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096, SendBufferSize = 65_536 };
        await socket.ConnectAsync(IPAddress.Loopback, gateway.HttpAddress.Port, Cancellation);
        var body = Chat.Body(script, stream: true).ToJsonString();
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {settings.ClientKey}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), Cancellation);

        await gone.Task.WaitAsync(Patience, Cancellation);
        await Eventually.HoldsAsync(() => gateway.Told<RequestCompleted>().Any(), Cancellation);

        written.ShouldBeLessThan(Words);
        gateway.Told<RequestCompleted>().ShouldHaveSingleItem().ClientGone.ShouldBeTrue();
    }
}
