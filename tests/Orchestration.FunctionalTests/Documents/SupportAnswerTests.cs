using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using MassTransit;
using Orchestration.Contracts.Messages;

namespace Orchestration.FunctionalTests.Documents;

/// <summary>Support articles in two languages go in by the queue; questions are answered from them, on the account of a key with a budget.</summary>
public sealed class SupportAnswerTests(SystemFixture system)
{
    private const string Collection = "functional-support";

    private static readonly Dictionary<string, string> Articles = new()
    {
        ["returns"] = "# Returns\n\nA parcel may be sent back within thirty days of its delivery. Opened hygiene articles are excluded from returns.",
        ["refunds"] = "# Refunds\n\nA refund is paid to the card of the purchase within five working days after the warehouse has received the parcel.",
        ["shipping"] = "# Shipping\n\nOrders placed before noon leave the warehouse on the same day. Express delivery costs nine dollars.",
        ["warranty"] = "# Warranty\n\nElectric devices carry a warranty of two years. Batteries are covered for six months.",
        ["invoice-zh"] = "# 发票\n\n电子发票在付款后二十四小时内发送到注册邮箱。纸质发票需要另付邮费。",
        ["points-zh"] = "# 积分\n\n每消费十元累积一个积分。积分有效期为一年,过期作废。",
        ["address-zh"] = "# 收货地址\n\n订单发货之前可以在个人中心修改收货地址。发货之后请联系人工客服。",
    };

    // What nothing in the articles answers has no document.
    private static readonly (string Question, string? Document)[] Questions =
    [
        ("Within how many days may a parcel be sent back?", "returns"),
        ("Are opened hygiene articles excluded?", "returns"),
        ("When is a refund paid to my card?", "refunds"),
        ("What does express delivery cost?", "shipping"),
        ("How long is the warranty of electric devices?", "warranty"),
        ("电子发票什么时候发送到邮箱?", "invoice-zh"),
        ("积分有效期是多久?", "points-zh"),
        ("发货之前怎样修改收货地址?", "address-zh"),
        ("Who composed the ninth symphony?", null),
        ("火星有几颗卫星?", null),
    ];

    private readonly string _project = $"p-{Guid.CreateVersion7():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_questions_are_answered_with_citations_that_hold_or_honestly_not_and_each_is_paid_for_once()
    {
        using var client = await ClientAsync();
        await SubmitAsync(client);
        var (paid, unasked) = (0m, 0);

        foreach (var (question, document) in Questions)
        {
            using var response = await client.PostAsync($"/v1/collections/{Collection}/answer", HttpContentJson.Json(JsonSerializer.Serialize(new { question, model = "openai/gpt-4.1" })), Cancellation);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            response.IsSuccessStatusCode.ShouldBeTrue(text);
            var answer = JsonDocument.Parse(text).RootElement;
            var row = await system.Admin.SettledRequestAsync(response.Headers.GetValues("x-request-id").Single(), Cancellation);
            if (document is null)
                answer.GetProperty("citations").GetArrayLength().ShouldBe(0, text);
            else
                ShouldCite(answer, document);
            // Where nothing was found nobody was asked; a model that finds nothing in what was found is paid for.
            row.GetProperty("attempts").GetArrayLength().ShouldBe(answer.GetProperty("found").GetBoolean() ? 1 : 0);
            if (!answer.GetProperty("found").GetBoolean())
            {
                unasked++;
                continue;
            }

            var cost = Decimal(row.GetProperty("cost").GetProperty("amount"));
            cost.ShouldBeGreaterThan(0);
            cost.ShouldBe(Decimal(answer.GetProperty("orchestration").GetProperty("cost").GetProperty("amount")));
            paid += cost;
        }

        unasked.ShouldBeInRange(1, Questions.Count(question => question.Document is null));
        await system.Admin.PollAsync("/admin/v1/budgets?tenantId=development", page => Simulated(page) >= paid, Cancellation);
    }

    [Fact]
    public async Task One_trace_leads_from_the_question_to_the_search_in_the_database_and_the_provider()
    {
        using var client = await ClientAsync();
        await SubmitAsync(client);
        var traceId = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/collections/{Collection}/answer")
        {
            Content = HttpContentJson.Json("""{"question":"What does express delivery cost?"}"""),
            Headers = { { "traceparent", $"00-{traceId}-00f067aa0ba902b7-01" } },
        };
        using var response = await client.SendAsync(request, Cancellation);
        response.EnsureSuccessStatusCode();

        await system.Admin.PollAsync($"/admin/v1/traces/{traceId}", trace => Has(trace, "gateway") && Has(trace, "providers") && Has(trace, "indexing", "db."), Cancellation);
    }

    private static void ShouldCite(JsonElement answer, string document)
    {
        var citation = answer.GetProperty("citations").EnumerateArray().First();
        citation.GetProperty("document_id").GetString().ShouldBe(document, answer.ToString());
        citation.GetProperty("support").GetDouble().ShouldBeGreaterThan(0.9);
        var source = answer.GetProperty("sources").EnumerateArray().Single(candidate => candidate.GetProperty("number").GetInt32() == citation.GetProperty("number").GetInt32());
        var (start, end) = (source.GetProperty("start_offset").GetInt32(), source.GetProperty("end_offset").GetInt32());
        Articles[document][start..end].ShouldBe(source.GetProperty("text").GetString());
    }

    private static bool Has(JsonElement trace, string service, string attribute = "") => trace.GetProperty("spans").EnumerateArray().Any(span =>
        span.GetProperty("service").GetString() == service
        && (attribute.Length == 0 || span.GetProperty("attributes").EnumerateObject().Any(known => known.Name.StartsWith(attribute, StringComparison.Ordinal))));

    private decimal Simulated(JsonElement page) => page.GetProperty("budgets").EnumerateArray()
        .Where(budget => budget.GetProperty("scopeId").GetString() == _project)
        .Sum(budget => Decimal(budget.GetProperty("current").GetProperty("simulated")));

    private static decimal Decimal(JsonElement amount) => decimal.Parse(amount.GetString()!, CultureInfo.InvariantCulture);

    private async Task<HttpClient> ClientAsync()
    {
        await system.Admin.PostAsync("/admin/v1/tenants/development/projects", new { projectId = _project, name = "Support" }, Cancellation);
        await system.Admin.PostAsync(
            "/admin/v1/budgets",
            new { tenantId = "development", name = "Support", scope = "BUDGET_SCOPE_PROJECT", scopeId = _project, amount = new { amount = "5", currency = "USD" }, period = "BUDGET_PERIOD_MONTH", countsSimulated = true },
            Cancellation);
        var issued = await system.Admin.PostAsync("/admin/v1/tenants/development/keys", new { projectId = _project, name = "Support" }, Cancellation);
        var client = new HttpClient { BaseAddress = new Uri(system.Endpoints.GatewayHttp) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.GetProperty("secret").GetString());
        return client;
    }

    private async Task SubmitAsync(HttpClient client)
    {
        using var issued = await client.PostAsync($"/v1/collections/{Collection}/ingestion-tokens", HttpContentJson.Json("{}"), Cancellation);
        issued.EnsureSuccessStatusCode();
        var token = (await issued.Content.ReadAsAsync(Cancellation)).GetProperty("token").GetString()!;
        var bus = Bus.Factory.CreateUsingRabbitMq(configuration => configuration.Host(new Uri(system.Endpoints.Messaging)));
        await bus.StartAsync(Cancellation);
        foreach (var (id, text) in Articles)
            await bus.Publish(new DocumentSubmitted { IngestionToken = token, DocumentId = id, Title = id, Text = text }, Cancellation);
        await bus.StopAsync(Cancellation);
        foreach (var id in Articles.Keys)
            await IndexedAsync(client, id);
    }

    private static async Task IndexedAsync(HttpClient client, string id)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            using var response = await client.GetAsync($"/v1/collections/{Collection}/documents/{id}", patience.Token);
            if (response.IsSuccessStatusCode && (await response.Content.ReadAsAsync(patience.Token)).GetProperty("state").GetString() == "indexed")
                return;
            await Task.Delay(100, patience.Token);
        }
    }
}
