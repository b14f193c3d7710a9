using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Querying;

namespace Orchestration.Metrics.Tests.Querying;

public sealed class SearchTermsReadingTests
{
    public static TheoryData<string, RequestFilter> Impossible => new()
    {
        { "from", new() { From = new Timestamp { Seconds = long.MaxValue } } },
        { "from", new() { From = new Timestamp { Nanos = -1 } } },
        { "to", new() { To = new Timestamp { Seconds = -1 } } },
        { "to", new() { From = At(10), To = At(10) } },
        { "key_id", new() { KeyId = new string('k', 513) } },
        { "model", new() { Model = "a\0" } },
        { "purpose", new() { Purpose = (Purpose)99 } },
        { "state", new() { State = (RequestState)99 } },
        { "settlement", new() { Settlement = (Settlement)99 } },
        { "settlement", new() { State = RequestState.Open, Settlement = Settlement.Exact } },
        { "error_code", new() { State = RequestState.Succeeded, ErrorCode = "rate_limited" } },
        { "tags", new() { Tags = { "team" } } },
        { "tags", new() { Tags = { "=search" } } },
        { "tags", new() { Tags = { "team=a", "team=b" } } },
        { "tags", new() { Tags = { Enumerable.Range(0, 17).Select(number => $"tag{number}=x") } } },
        { "min_cost", new() { MinCost = "-1" } },
        { "min_cost", new() { MinCost = "1e3" } },
        { "min_cost", new() { MinCost = "0.0000000000000001" } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Condition_that_no_request_can_meet_is_named(string param, RequestFilter filter) =>
        SearchTermsReading.Read("acme", filter, oldestFirst: false).ShouldBeOfType<WrongTerm>().Param.ShouldBe(param);

    [Fact]
    public void Lists_of_the_same_conditions_have_the_same_name()
    {
        static string List(RequestFilter? filter, string tenant = "acme", bool oldestFirst = false) =>
            SearchTermsReading.Read(tenant, filter, oldestFirst).ShouldBeOfType<ReadTerms>().Terms.List;

        List(null).ShouldBe(List(new RequestFilter()));
        List(new RequestFilter { KeyId = "a" }).ShouldBe(List(new RequestFilter { KeyId = "a" }));
        string[] others =
        [
            List(null, "other"), List(null, oldestFirst: true), List(new() { KeyId = "a" }), List(new() { EndUser = "a" }), List(new() { Streamed = false }),
            List(null),
        ];
        others.ShouldBeUnique();
    }

    private static Timestamp At(int second) => new() { Seconds = 1_790_000_000 + second };
}
