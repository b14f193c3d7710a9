using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Orchestration.FunctionalTests.Limits;

/// <summary>A limit from its making by an operator to the refusal that a client reads, and to the answer after the wait.</summary>
public sealed class LimitTests(SystemFixture system)
{
    private const string Model = "openai/gpt-4.1";
    private const int WindowSeconds = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_over_the_limit_of_its_key_is_refused_and_goes_through_when_it_comes_back_as_told()
    {
        using var client = await ClientAsync();
        // Both at once: on a slow machine the window of the first might pass before the second.
        var answers = await Task.WhenAll(AskAsync(client), AskAsync(client));
        using var first = answers.MinBy(answer => answer.StatusCode)!;
        using var refused = answers.MaxBy(answer => answer.StatusCode)!;

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Headers.GetValues("x-ratelimit-limit-requests").ShouldBe(["1"]);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.GetValues("x-ratelimit-remaining-requests").ShouldBe(["0"]);
        var error = (await refused.Content.ReadAsAsync(Cancellation)).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("rate_limit_exceeded");
        error.GetProperty("message").GetString()!.ShouldContain("The limit of 1 request of the key in 8 seconds is reached.");
        var wait = refused.Headers.RetryAfter!.Delta!.Value;
        wait.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(WindowSeconds * 1.25 + 1));

        // As a client does that was told to.
        await Task.Delay(wait, Cancellation);
        using var again = await AskAsync(client);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client) => client.PostAsJsonAsync(
        "/v1/chat/completions", new { model = Model, max_tokens = 16, messages = new[] { new { role = "user", content = "Hi" } } }, Cancellation);

    private async Task<HttpClient> ClientAsync()
    {
        var project = $"p-{Guid.CreateVersion7():N}";
        await system.Admin.PostAsync("/admin/v1/tenants/development/projects", new { projectId = project, name = "Functional test" }, Cancellation);
        var limits = new[] { new { kind = "LIMIT_KIND_REQUESTS", amount = 1, window = $"{WindowSeconds}s" } };
        var issued = await system.Admin.PostAsync("/admin/v1/tenants/development/keys", new { projectId = project, name = "Functional test", limits }, Cancellation);
        var client = new HttpClient { BaseAddress = new Uri(system.Endpoints.GatewayHttp) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.GetProperty("secret").GetString());
        return client;
    }
}
