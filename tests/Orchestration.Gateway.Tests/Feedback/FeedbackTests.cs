using System.Net;
using System.Net.Http.Json;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Feedback;

public sealed class FeedbackTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Word_on_an_own_request_is_kept_and_shown_with_it()
    {
        var id = Record("development");

        using var given = await GiveAsync(new { request_id = id, rating = -0.5, outcome = "regenerated" });
        using var shown = await fixture.Gateway.Client.GetAsync($"/v1/requests/{id}", Cancellation);

        given.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await given.JsonAsync()).GetProperty("request_id").GetString().ShouldBe(id);
        var feedback = (await shown.JsonAsync()).GetProperty("feedback");
        feedback.GetProperty("rating").GetDouble().ShouldBe(-0.5);
        feedback.GetProperty("outcome").GetString().ShouldBe("regenerated");
    }

    [Fact]
    public async Task Foreign_request_is_unknown()
    {
        using var response = await GiveAsync(new { request_id = Record("somebody-else"), rating = 1 });

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.ErrorCodeAsync()).ShouldBe("request_not_found");
    }

    [Theory]
    [InlineData("""{"rating":1}""")]
    [InlineData("""{"request_id":"0193b8e0-0000-7000-8000-000000000000","rating":"1"}""")]
    [InlineData("""{"request_id":"0193b8e0-0000-7000-8000-000000000000","ratting":1}""")]
    [InlineData("[]")]
    public async Task Another_form_of_body_is_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await fixture.Gateway.Client.PostAsync("/v1/feedback", content, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("invalid_json");
    }

    private Task<HttpResponseMessage> GiveAsync(object body) => fixture.Gateway.Client.PostAsJsonAsync("/v1/feedback", body, Cancellation);

    private string Record(string tenant)
    {
        var id = Guid.CreateVersion7().ToString("D");
        fixture.Peers.Ledger.Records[id] = new RequestRecord { RequestId = id, Attribution = new Attribution { TenantId = tenant }, Status = "ok" };
        return id;
    }
}
