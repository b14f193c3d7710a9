using System.Text.Json;

namespace Orchestration.FunctionalTests.Tracing;

/// <summary>One trace from the client's request to the row in the ledger.</summary>
public sealed class OneTraceTests(SystemFixture system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trace_runs_through_every_service_and_into_the_ledger()
    {
        var traceId = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = HttpContentJson.Json("""{"model":"auto","messages":[{"role":"user","content":"Hello"}]}"""),
            Headers = { { "traceparent", $"00-{traceId}-00f067aa0ba902b7-01" } },
        };
        using var response = await system.Gateway.SendAsync(request, Cancellation);
        response.EnsureSuccessStatusCode();

        var trace = await system.Admin.PollAsync($"/admin/v1/traces/{traceId}", HasEverything, Cancellation);

        Spans(trace).ShouldContain(span => span.Service == "metrics" && span.Linked, "the consumer's span, found by its link");
    }

    private static bool HasEverything(JsonElement trace)
    {
        var spans = Spans(trace);
        return new[] { "gateway", "routing", "providers", "simulator", "metrics" }.All(service => spans.Any(span => span.Service == service))
            && spans.Any(span => span.Linked && span.IsSql);
    }

    private static List<(string Service, bool Linked, bool IsSql)> Spans(JsonElement trace)
    {
        var traceId = trace.GetProperty("traceId").GetString();
        return [.. trace.GetProperty("spans").EnumerateArray().Select(span => (
            span.GetProperty("service").GetString()!,
            span.GetProperty("traceId").GetString() != traceId,
            span.GetProperty("attributes").EnumerateObject().Any(attribute => attribute.Name.StartsWith("db.", StringComparison.Ordinal))))];
    }
}
