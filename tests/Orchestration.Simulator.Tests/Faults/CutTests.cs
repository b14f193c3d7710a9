using System.Net.Sockets;
using System.Text;

namespace Orchestration.Simulator.Tests.Faults;

public sealed class CutTests(SimulatorHost simulator)
{
    private static readonly object Prompt = new { role = "user", content = "Cut me" };

    private static object Stream(string model) => new { model, stream = true, max_tokens = 4, messages = new[] { Prompt } };

    /// <summary>Reads to the end of the connection over a bare socket: an HTTP client might hide how it ended.</summary>
    private async Task<(byte[] Body, bool Reset)> ReadRawAsync(string model)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", simulator.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Stream(model));
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /deepseek/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        await stream.WriteAsync(body, TestContext.Current.CancellationToken);
        using var received = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is var read and > 0)
                received.Write(buffer, 0, read);
            return (Unchunk(received.ToArray()), false);
        }
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return (Unchunk(received.ToArray()), true);
        }
    }

    private static byte[] Unchunk(byte[] response)
    {
        var head = response.AsSpan().IndexOf("\r\n\r\n"u8);
        var chunked = Encoding.ASCII.GetString(response, 0, head).Contains("chunked", StringComparison.OrdinalIgnoreCase);
        var rest = response.AsSpan(head + 4);
        if (!chunked)
            return rest.ToArray();
        var body = new List<byte>();
        while (rest.IndexOf("\r\n"u8) is var end and > 0)
        {
            var size = Convert.ToInt32(Encoding.ASCII.GetString(rest[..end]), 16);
            body.AddRange(rest.Slice(end + 2, size).ToArray());
            rest = rest[(end + 2 + size + 2)..];
        }
        return [.. body];
    }

    [Fact]
    public async Task Cut_stops_at_exactly_the_byte_asked_for_in_every_way()
    {
        var whole = Encoding.UTF8.GetBytes(await simulator.StreamAsync("deepseek", Stream("deepseek-chat")));
        foreach (var at in Enumerable.Range(0, whole.Length).Where(at => at % 97 == 0 || at < 3))
        {
            foreach (var kind in new[] { "cut", "rst", "close" })
            {
                var (body, reset) = await ReadRawAsync($"deepseek-chat!{kind}@{at}");

                body.Length.ShouldBe(at, kind);
                reset.ShouldBe(kind == "rst", $"{kind}@{at}");
            }
        }
    }

    [Fact]
    public async Task Cut_inside_chunked_framing_is_an_error_to_an_HTTP_client()
    {
        await Should.ThrowAsync<HttpRequestException>(() => simulator.StreamAsync("deepseek", Stream("deepseek-chat!cut@400")));
    }

    [Fact]
    public async Task Reset_is_an_error_to_an_HTTP_client()
    {
        await Should.ThrowAsync<HttpRequestException>(() => simulator.StreamAsync("deepseek", Stream("deepseek-chat!rst@400")));
    }

    [Fact]
    public async Task Closed_body_looks_complete_to_an_HTTP_client()
    {
        var text = await simulator.StreamAsync("deepseek", Stream("deepseek-chat!close@400"));

        Encoding.UTF8.GetByteCount(text).ShouldBe(400);
    }

    [Fact]
    public async Task Split_body_is_whole()
    {
        var whole = await simulator.StreamAsync("deepseek", Stream("deepseek-chat"));

        var split = await simulator.StreamAsync("deepseek", Stream("deepseek-chat!split"));

        Prompts.Steady(split).ShouldBe(Prompts.Steady(whole));
    }

    [Fact]
    public async Task Stall_sends_the_bytes_asked_for_and_keeps_the_connection_open()
    {
        using var response = await simulator.SendAsync("deepseek/v1/chat/completions", Stream("deepseek-chat!stall@50"));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte[50], TestContext.Current.CancellationToken);

        var next = stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();

        var first = await Task.WhenAny(next, Task.Delay(300, TestContext.Current.CancellationToken));
        first.ShouldNotBe(next);
    }

    [Fact]
    public async Task Plain_answer_is_cut_too()
    {
        using var response = await simulator.SendAsync("openai/v1/chat/completions", Prompts.Chat("gpt-4.1!cut@20"));

        await Should.ThrowAsync<HttpRequestException>(
            () => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
