using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Admin;

/// <summary>What operators do with the ledger, by REST as a client sees it.</summary>
public sealed class LedgerAdminTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "/admin/v1/alerts" },
        { "POST", "/admin/v1/alert-channels" },
        { "POST", "/admin/v1/budgets" },
        { "POST", "/admin/v1/budget-leases/1:close" },
        { "POST", "/admin/v1/quarantine/events/1:replay" },
        { "POST", "/admin/v1/quarantine/messages:replay" },
        { "POST", "/admin/v1/reconciliations" },
        { "POST", "/admin/v1/invoices" },
        { "POST", "/admin/v1/repricings" },
        { "GET", "/admin/v1/closed-months" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_route_is_open_and_none_takes_a_client_key(string method, string path)
    {
        foreach (var key in (string[])["", fixture.Gateway.Settings.ClientKey, "no-session"])
        {
            using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, key);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST")
                request.Content = JsonContent.Create(new { });
            using var response = await client.SendAsync(request, Cancellation);

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_route_is_served_where_clients_are(string method, string path)
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, fixture.Gateway.Settings.AdminKey);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Filters_of_alerts_reach_the_ledger() =>
        (await GetAsync("/admin/v1/alerts?tenant_id=acme&kind=backlog&page_size=7")).GetProperty("nextPageToken").GetString().ShouldBe("acme|backlog|7");

    [Fact]
    public async Task Budget_goes_in_and_comes_out_and_a_wrong_one_is_the_callers_fault()
    {
        using var made = await PostAsync("/admin/v1/budgets", new { tenantId = "acme", name = "search" });
        using var wrong = await PostAsync("/admin/v1/budgets", new { name = "search" });

        made.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await made.JsonAsync()).GetProperty("name").GetString().ShouldBe("search");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Quarantined_event_is_replayed_by_its_address_and_an_unknown_one_is_404()
    {
        using var known = await PostAsync("/admin/v1/quarantine/events/e1:replay", new { actor = "operator" });
        using var unknown = await PostAsync("/admin/v1/quarantine/events/unknown:replay", new { actor = "operator" });

        var answer = await known.JsonAsync();
        (answer.GetProperty("eventId").GetString(), answer.GetProperty("decidedBy").GetString()).ShouldBe(("e1", "operator"));
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Reconciliation_tells_its_progress_line_by_line()
    {
        using var response = await PostAsync("/admin/v1/reconciliations", new { firstDay = "2026-11-01", lastDay = "2026-11-03" });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("daysDone").GetInt32()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Closed_months_are_those_of_the_tenant_that_was_asked_for() =>
        (await GetAsync("/admin/v1/closed-months?tenant_id=acme")).GetProperty("months")[0].GetProperty("tenantId").GetString().ShouldBe("acme");

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await fixture.Gateway.Admin.GetAsync(path, Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.JsonAsync();
    }

    private Task<HttpResponseMessage> PostAsync(string path, object body) => fixture.Gateway.Admin.PostAsJsonAsync(path, body, Cancellation);
}
