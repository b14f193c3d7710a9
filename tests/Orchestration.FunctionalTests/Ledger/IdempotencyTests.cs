namespace Orchestration.FunctionalTests.Ledger;

/// <summary>A request that is sent twice under one key, as the ledger has it.</summary>
public sealed class IdempotencyTests(SystemFixture system)
{
    private const string Body = """{"model":"openai/gpt-4.1","stream":true,"messages":[{"role":"user","content":"Tell me about the sea."}]}""";

    private readonly string _tag = $"twice={Guid.CreateVersion7():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_that_is_sent_twice_is_one_request_in_the_ledger()
    {
        var key = $"{Guid.CreateVersion7()}";
        using var first = await PostAsync(key);
        var text = await first.Content.ReadAsStringAsync(Cancellation);

        using var again = await PostAsync(key);

        text.ShouldEndWith("data: [DONE]\n\n");
        (await again.Content.ReadAsStringAsync(Cancellation)).ShouldBe(text);
        again.Headers.GetValues("idempotent-replayed").ShouldBe(["true"]);
        var id = first.Headers.GetValues("x-request-id").Single();
        await system.Admin.SettledRequestAsync(id, Cancellation);
        var rows = (await system.Admin.GetAsync($"/admin/v1/requests?filter.tags={_tag}", Cancellation)).GetProperty("requests");
        rows.EnumerateArray().ShouldHaveSingleItem().GetProperty("requestId").GetString().ShouldBe(id);
    }

    private Task<HttpResponseMessage> PostAsync(string key) => system.Gateway.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = HttpContentJson.Json(Body),
            Headers = { { "Idempotency-Key", key }, { "x-orchestration-tags", _tag } },
        },
        Cancellation);
}
