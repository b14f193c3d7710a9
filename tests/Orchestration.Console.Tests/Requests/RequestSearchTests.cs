using Orchestration.Console.Requests;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Console.Tests.Requests;

public sealed class RequestSearchTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Address_becomes_the_ledgers_filter()
    {
        var request = new RequestSearch { Since = "24h", State = "failed", Tenant = "shop", Model = "m", Error = "provider_error", MinCost = "0.5", Page = "token" }.ToRequest(Now, 50);

        request.TenantId.ShouldBe("shop");
        request.PageToken.ShouldBe("token");
        request.PageSize.ShouldBe(50);
        request.Filter.From.ToDateTimeOffset().ShouldBe(Now.AddDays(-1));
        (request.Filter.State, request.Filter.Model, request.Filter.ErrorCode, request.Filter.MinCost).ShouldBe((RequestState.Failed, "m", "provider_error", "0.5"));
    }

    [Fact]
    public void What_is_not_offered_narrows_nothing()
    {
        var filter = new RequestSearch { Since = "ever", State = "odd" }.ToRequest(Now, 50).Filter;

        (filter.From, filter.State).ShouldBe((null, RequestState.Unspecified));
    }

    [Fact]
    public void Page_is_no_condition()
    {
        new RequestSearch { Page = "token" }.IsNarrowed.ShouldBeFalse();
        new RequestSearch { Page = "token", Tenant = "shop" }.IsNarrowed.ShouldBeTrue();
    }
}
