using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestration.FunctionalTests.Ledger;

/// <summary>A budget from its making by an operator to the refusal that a client reads.</summary>
public sealed class BudgetTests(SystemFixture system)
{
    private const string Model = "openai/gpt-4.1";
    private const decimal Amount = 0.05m;

    private readonly string _project = $"p-{Guid.CreateVersion7():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_spend_a_budget_to_its_limit_and_never_over_it()
    {
        using var client = await ClientAsync();
        var budget = await system.Admin.PostAsync(
            "/admin/v1/budgets",
            new
            {
                tenantId = "development",
                name = "Functional test",
                scope = "BUDGET_SCOPE_PROJECT",
                scopeId = _project,
                amount = new { amount = Amount.ToString(CultureInfo.InvariantCulture), currency = "USD" },
                period = "BUDGET_PERIOD_LIFETIME",
                countsSimulated = true,
            },
            Cancellation);

        var (spent, refusal) = await SpendAsync(client);

        refusal.GetProperty("type").GetString().ShouldBe("insufficient_quota");
        refusal.GetProperty("message").GetString()!.ShouldContain("'Functional test'");
        spent.ShouldBeGreaterThan(0);
        spent.ShouldBeLessThanOrEqualTo(Amount);
        var settled = await system.Admin.PollAsync(
            $"/admin/v1/budgets/{budget.GetProperty("id").GetString()}", found => Decimal(found.GetProperty("current"), "simulated") == spent, Cancellation);
        Decimal(settled.GetProperty("current"), "spent").ShouldBe(0);
        Decimal(settled.GetProperty("current"), "overRun").ShouldBe(0);
    }

    /// <summary>Asks, several at once, until a request is refused; what all answers said that they cost.</summary>
    private static async Task<(decimal Spent, JsonElement Refusal)> SpendAsync(HttpClient client)
    {
        var spent = 0m;
        for (var round = 0; round < 200; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync(client)));
            spent += answers.Sum(answer => answer.Cost);
            if (Array.Find(answers, answer => answer.Refusal is not null).Refusal is { } refusal)
                return (spent, refusal);
        }

        throw new InvalidOperationException("The budget never ended.");
    }

    private static async Task<(decimal Cost, JsonElement? Refusal)> AskAsync(HttpClient client)
    {
        var body = new { model = Model, max_tokens = 400, messages = new[] { new { role = "user", content = "Tell me about the sea." } } };
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", body, Cancellation);
        var json = await response.Content.ReadAsAsync(Cancellation);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            return (0, json.GetProperty("error"));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, json.ToString());
        return (Decimal(json.GetProperty("orchestration").GetProperty("cost"), "amount"), null);
    }

    private async Task<HttpClient> ClientAsync()
    {
        await system.Admin.PostAsync("/admin/v1/tenants/development/projects", new { projectId = _project, name = "Functional test" }, Cancellation);
        var issued = await system.Admin.PostAsync("/admin/v1/tenants/development/keys", new { projectId = _project, name = "Functional test" }, Cancellation);
        var client = new HttpClient { BaseAddress = new Uri(system.Endpoints.GatewayHttp) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.GetProperty("secret").GetString());
        return client;
    }

    private static decimal Decimal(JsonElement element, string name) => decimal.Parse(element.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
