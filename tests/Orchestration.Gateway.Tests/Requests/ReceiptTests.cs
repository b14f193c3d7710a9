using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Gateway.Tests.Hosting;
using GetRequestRequest = Orchestration.Contracts.Gateway.V1.GetRequestRequest;

namespace Orchestration.Gateway.Tests.Requests;

public sealed class ReceiptTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Own_request_is_shown_with_cost_and_attempts()
    {
        var id = Record("development");
        using var response = await fixture.Gateway.Client.GetAsync($"/v1/requests/{id}", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("id").GetString().ShouldBe(id);
        json.GetProperty("settlement").GetString().ShouldBe("exact");
        json.GetProperty("cost").GetProperty("amount").GetString().ShouldBe("0.0000042");
        json.GetProperty("attempts")[0].GetProperty("outcome").GetString().ShouldBe("succeeded");
        json.GetProperty("attempts")[0].GetProperty("cost").GetProperty("amount").GetString().ShouldBe("0.0000042");
    }

    [Fact]
    public async Task Foreign_request_looks_exactly_like_an_unknown_one()
    {
        using var foreign = await fixture.Gateway.Client.GetAsync($"/v1/requests/{Record("somebody-else")}", TestContext.Current.CancellationToken);
        using var unknown = await fixture.Gateway.Client.GetAsync($"/v1/requests/{Guid.CreateVersion7():D}", TestContext.Current.CancellationToken);

        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await foreign.JsonAsync()).GetProperty("error").ToString().ShouldBe((await unknown.JsonAsync()).GetProperty("error").ToString());
        foreign.Header("Retry-After").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Junk_is_no_request_id()
    {
        using var response = await fixture.Gateway.Client.GetAsync("/v1/requests/'; drop table", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("invalid_request_id");
    }

    [Fact]
    public async Task Grpc_shows_the_own_request_and_hides_the_foreign_one()
    {
        var client = new RequestsService.RequestsServiceClient(fixture.Gateway.Channel);

        var own = await client.GetRequestAsync(new GetRequestRequest { RequestId = Record("development") }, fixture.Gateway.ClientMetadata, cancellationToken: TestContext.Current.CancellationToken);
        own.Status.ShouldBe("ok");
        own.Attempts[0].Cost.Amount.ShouldBe("0.0000042");
        own.Attempts[0].Price.ShouldBeNull();
        var exception = await Should.ThrowAsync<RpcException>(
            async () => await client.GetRequestAsync(new GetRequestRequest { RequestId = Record("somebody-else") }, fixture.Gateway.ClientMetadata, cancellationToken: TestContext.Current.CancellationToken));
        exception.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    private string Record(string tenant)
    {
        var id = Guid.CreateVersion7().ToString("D");
        fixture.Peers.Ledger.Records[id] = new RequestRecord
        {
            RequestId = id,
            Attribution = new Attribution { TenantId = tenant, ProjectId = "default" },
            Status = "ok",
            Settlement = Settlement.Exact,
            Cost = new Money { Amount = "0.0000042", Currency = "USD" },
            Usage = new Usage { InputTokens = 1 },
            StartedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
            CompletedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
            Attempts = { new AttemptRecord
                {
                    AttemptId = id,
                    Outcome = AttemptOutcome.Succeeded,
                    Cost = new Money { Amount = "0.0000021", Currency = "USD" },
                    Billed = new Money { Amount = "0.0000042", Currency = "USD" },
                    Price = new PriceRecord { Billing = new BillingTerms { MarginPercent = "100" } },
                },
            },
        };
        return id;
    }
}
