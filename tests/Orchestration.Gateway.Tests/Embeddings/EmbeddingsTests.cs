using System.Net;
using System.Net.Http.Json;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Embeddings;

public sealed class EmbeddingsTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Vectors_come_in_the_order_of_the_inputs_with_our_headers()
    {
        using var response = await PostAsync(new { model = "embedding", input = new[] { "a", "three" }, encoding_format = "float" });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("x-orchestration-model").ShouldBe("embed");
        response.Header("x-orchestration-cost").ShouldBe("0.000004 USD");
        var data = (await response.JsonAsync()).GetProperty("data");
        data.GetArrayLength().ShouldBe(2);
        data[1].GetProperty("embedding")[0].GetSingle().ShouldBe(5);
        var completed = await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken);
        completed.Dimensions.Purpose.ShouldBe("embedding");
        completed.Cost.ShouldBe(0.000004m);
    }

    [Fact]
    public async Task Failure_is_told_and_settled_by_the_attempts_in_the_trailer()
    {
        using var response = await PostAsync(new { model = "embedding", input = "fail" });

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.ErrorCodeAsync()).ShouldBe("overloaded");
        var completed = await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken);
        completed.Settlement.ShouldBe("released");
        completed.AttemptCount.ShouldBe(1);
    }

    [Fact]
    public async Task Wishes_in_headers_bound_embeddings_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/embeddings") { Content = JsonContent.Create(new { model = "embedding", input = "x" }) };
        request.Headers.Add("x-orchestration-cost-cap", "0.00000001 USD");
        request.Headers.Add("x-orchestration-deadline-ms", "2500");
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var sent = fixture.Peers.Providers.Embeds.Single(embed => embed.RequestId == response.RequestId());
        sent.Ceiling.Amount.ShouldBe("0.00000001");
        sent.Plan.Rules.TotalDeadline.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task Bad_wish_in_a_header_is_400()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/embeddings") { Content = JsonContent.Create(new { model = "embedding", input = "x" }) };
        request.Headers.Add("x-orchestration-cost-cap", "much");
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("invalid_hint");
    }

    [Fact]
    public async Task Chat_model_makes_no_embeddings()
    {
        using var response = await PostAsync(new { model = "test:chat", input = "x" });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("model_not_supported");
    }

    [Fact]
    public async Task Another_service_embeds_for_a_tenant_with_its_purpose()
    {
        var options = fixture.Peers.Calls.For("development", "ingest", TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var response = await new EmbeddingsService.EmbeddingsServiceClient(fixture.Gateway.Channel)
            .EmbedAsync(new EmbeddingsRequest { Model = "embedding", Inputs = { "chunk" } }, options);

        response.Embeddings.Count.ShouldBe(1);
        var sent = fixture.Peers.Providers.Embeds.Single(request => request.RequestId == response.RequestId);
        sent.Attribution.Purpose.ShouldBe(Purpose.Ingest);
        sent.Attribution.TenantId.ShouldBe("development");
        (await fixture.Gateway.CompletedAsync(response.RequestId, TestContext.Current.CancellationToken)).Dimensions.Purpose.ShouldBe("ingest");
    }

    private Task<HttpResponseMessage> PostAsync(object body) =>
        fixture.Gateway.Client.PostAsync("/v1/embeddings", JsonContent.Create(body), TestContext.Current.CancellationToken);
}
