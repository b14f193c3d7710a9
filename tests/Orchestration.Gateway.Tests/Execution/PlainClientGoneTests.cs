using System.Net;
using System.Net.Http.Json;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Execution;

public sealed class PlainClientGoneTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/rerank")]
    public async Task Client_that_leaves_is_told_to_providers_whose_summary_settles(string path)
    {
        var mark = Guid.NewGuid().ToString("N");
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, fixture.Gateway.Settings.ClientKey);
        var sending = client.PostAsync(path, BodyOf(path, mark), leave.Token);
        var id = await BegunAsync(mark);

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sending);
        var completed = await fixture.Gateway.CompletedAsync(id, Cancellation);
        (completed.ClientGone, completed.Status, completed.Settlement, completed.Cost).ShouldBe((true, "client_gone", "exact", 0.003m));
    }

    [Fact]
    public async Task Stop_makes_providers_sum_up_and_the_client_is_told_of_the_stop()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Shutdown:Grace"] = "00:00:08" } };
        await using var gateway = await GatewayHost.StartAsync(settings, Cancellation);
        await gateway.WithRouteTableAsync(Cancellation);
        var mark = Guid.NewGuid().ToString("N");
        var sending = gateway.Client.PostAsync("/v1/embeddings", BodyOf("/v1/embeddings", mark), Cancellation);
        await BegunAsync(mark);

        await gateway.StopAsync();

        using var response = await sending;
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.ErrorCodeAsync()).ShouldBe("server_shutting_down");
        var completed = gateway.Told<RequestCompleted>().ShouldHaveSingleItem();
        (completed.ClientGone, completed.Status, completed.Settlement, completed.Cost).ShouldBe((false, "server_shutting_down", "exact", 0.003m));
    }

    private static JsonContent BodyOf(string path, string mark) => path == "/v1/rerank"
        ? JsonContent.Create(new { model = "rerank", query = "wait", documents = new[] { mark } })
        : JsonContent.Create(new { model = "embedding", input = new[] { "wait", mark } });

    private async Task<string> BegunAsync(string mark)
    {
        string? id = null;
        await Eventually.HoldsAsync(() => (id = IdOf(mark)) is not null, Cancellation);
        return id!;
    }

    private string? IdOf(string mark) =>
        fixture.Peers.Providers.Embeds.FirstOrDefault(e => e.Request.Inputs.Contains(mark))?.RequestId
        ?? fixture.Peers.Providers.Reranks.FirstOrDefault(r => r.Request.Documents.Contains(mark))?.RequestId;
}
