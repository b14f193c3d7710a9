using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Execution;

public sealed class StopTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_longer_than_the_grace_ends_with_an_error_and_is_settled(bool providersSumUp)
    {
        // Providers needs time to sum up, and a part of the grace is all it gets.
        await using var gateway = await StartAsync(grace: providersSumUp ? "00:00:10" : "00:00:02");
        var forever = new TaskCompletionSource();
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("word");
            await call.ClientGone;
            if (!providersSumUp)
                await forever.Task;
            await call.SummaryAsync();
        });
        using var response = await gateway.Client.PostAsync(Chat.Body(script, stream: true));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var reading = response.TextAsync();

        await gateway.StopAsync();

        var completed = gateway.Told<RequestCompleted>().ShouldHaveSingleItem();
        forever.SetResult();
        completed.RequestId.ToString("D").ShouldBe(response.RequestId());
        completed.Status.ShouldBe("server_shutting_down");
        completed.Settlement.ShouldBe(providersSumUp ? "exact" : "estimated");
        completed.ClientGone.ShouldBeFalse();
        var body = await reading;
        body.ShouldContain("word");
        body.TrimEnd().Split("data: ")[^1].ShouldContain("\"code\":\"server_shutting_down\"");
        body.ShouldNotContain("[DONE]");
        body.ShouldNotContain("\"finish_reason\":\"");
    }

    [Fact]
    public async Task Stopping_gateway_lets_running_requests_end_and_takes_no_new_ones()
    {
        await using var gateway = await StartAsync(grace: "00:00:30");
        var running = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var script = fixture.Peers.Providers.Script(async call =>
        {
            running.SetResult();
            await goOn.Task;
            await call.AnswerAsync("whole");
        });
        var first = gateway.Client.PostAsync(Chat.Body(script));
        await running.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        var stopping = gateway.StopAsync();
        await Eventually.HoldsAsync(() => gateway.Services.GetRequiredService<RunningRequests>().IsStopping, Cancellation);
        using var refused = await gateway.Client.PostAsync(Chat.Body());
        goOn.SetResult();
        using var answered = await first;
        await stopping;

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await refused.ErrorCodeAsync()).ShouldBe("server_shutting_down");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        refused.Headers.ConnectionClose.ShouldBe(true);
        answered.StatusCode.ShouldBe(HttpStatusCode.OK);
        gateway.Told<RequestCompleted>().ShouldHaveSingleItem().Status.ShouldBe("ok");
    }

    private async Task<GatewayHost> StartAsync(string grace)
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Shutdown:Grace"] = grace } };
        var gateway = await GatewayHost.StartAsync(settings, Cancellation);
        return await gateway.WithRouteTableAsync(Cancellation);
    }
}
