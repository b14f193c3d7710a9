using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Tests.Querying;

public sealed class RequestSearchTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;
    private readonly string _tenant = $"t-{Guid.CreateVersion7():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LedgerService.LedgerServiceClient Client => new(_host.Channel);

    public static TheoryData<string> Conditions => [.. Told.Keys];

    /// <summary>Each condition with the change to a request that meets it, while plain ones do not.</summary>
    private static Dictionary<string, (RequestFilter Filter, Func<RequestCompleted, RequestCompleted> Meet)> Told { get; } = new()
    {
        ["project"] = (new() { ProjectId = "mobile" }, row => row with { Dimensions = row.Dimensions with { ProjectId = "mobile" } }),
        ["key"] = (new() { KeyId = "key2" }, row => row with { Dimensions = row.Dimensions with { KeyId = "key2" } }),
        ["end user"] = (new() { EndUser = "somebody" }, row => row with { Dimensions = row.Dimensions with { EndUser = "somebody" } }),
        ["requested model"] = (new() { RequestedModel = "gpt-5" }, row => row with { RequestedModel = "gpt-5" }),
        ["model"] = (new() { Model = "large" }, row => row with { Model = "large" }),
        ["provider"] = (new() { Provider = "openai" }, row => row with { Provider = "openai" }),
        ["route"] = (new() { Route = "cheapest" }, row => row with { Dimensions = row.Dimensions with { Route = "cheapest" } }),
        ["class"] = (new() { RequestClass = "complex" }, row => row with { Dimensions = row.Dimensions with { RequestClass = "complex" } }),
        ["purpose"] = (new() { Purpose = Purpose.Ingest }, row => row with { Dimensions = row.Dimensions with { Purpose = "ingest" } }),
        ["tag"] = (new() { Tags = { "team=a=b", "stage=test" } }, row => row with { Dimensions = row.Dimensions with { Tags = Tags(("team", "a=b"), ("stage", "test"), ("more", "")) } }),
        ["failed"] = (new() { State = RequestState.Failed }, row => row with { Status = "rate_limited" }),
        ["error code"] = (new() { ErrorCode = "provider_overloaded" }, row => row with { Status = "provider_overloaded" }),
        ["estimated"] = (new() { Settlement = Settlement.Estimated }, row => row with { Settlement = "estimated" }),
        ["released"] = (new() { Settlement = Settlement.Released }, row => row with { Settlement = "released" }),
        ["least cost"] = (new() { MinCost = "2.5" }, row => row with { Cost = 2.5m }),
        ["not streamed"] = (new() { Streamed = false }, row => row with { Streamed = false }),
        ["not simulated"] = (new() { Simulated = false }, row => row with { Simulated = false }),
        ["key and model"] = (new() { KeyId = "key1", Model = "large" }, row => row with { Model = "large" }),
        ["user and failed"] = (new() { EndUser = "somebody", State = RequestState.Failed }, row => row with { Dimensions = row.Dimensions with { EndUser = "somebody" }, Status = "x" }),
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Filter_finds_what_meets_it_and_nothing_else(string condition)
    {
        var (filter, meet) = Told[condition];
        var plain = await WriteAsync(_tenant, 4);
        var met = await WriteAsync(_tenant, 3, meet);
        await WriteAsync(_tenant + "-x", 2, meet);

        (await AllAsync(filter)).ShouldBe(Newest(met));
        (await AllAsync(filter, oldestFirst: true)).ShouldBe(Newest(met).Reverse());
        (await AllAsync(new RequestFilter())).ShouldBe(Newest([.. plain, .. met]));
        (await AllAsync(filter, tenant: "")).ShouldBeSubsetOf(await AllAsync(new RequestFilter(), tenant: ""));
        (await AllAsync(filter, tenant: "")).Intersect(Newest([.. plain, .. met])).ShouldBe(Newest(met));
    }

    [Fact]
    public async Task Open_and_answered_requests_are_told_apart()
    {
        var answered = await WriteAsync(_tenant, 2);
        var open = LedgerStory.Begin(_tenant);
        await _host.Writer.WriteAsync(open.Events.Take(2).Sequenced(), Cancellation);

        (await AllAsync(new RequestFilter { State = RequestState.Open })).ShouldBe([open.RequestId.ToString("D")]);
        (await AllAsync(new RequestFilter { State = RequestState.Succeeded })).ShouldBe(Newest(answered));
        (await AllAsync(new RequestFilter { State = RequestState.Failed })).ShouldBeEmpty();
        (await AllAsync(new RequestFilter { State = RequestState.Open }, tenant: "")).ShouldContain(open.RequestId.ToString("D"));
    }

    [Fact]
    public async Task Range_of_time_begins_inside_and_ends_outside()
    {
        var start = new DateTimeOffset(2026, 3, 31, 23, 59, 59, TimeSpan.Zero);
        var stories = new[] { -1, 0, 1, 2 }.Select(second => LedgerStory.Begin(_tenant, start.AddSeconds(second))).ToList();
        await _host.Writer.WriteAsync(stories.SelectMany(story => story.Events).Sequenced(), Cancellation);

        var filter = new RequestFilter { From = start.ToTimestamp(), To = start.AddSeconds(2).ToTimestamp() };

        (await AllAsync(filter)).ShouldBe([stories[2].RequestId.ToString("D"), stories[1].RequestId.ToString("D")]);
        filter.Model = "small";
        (await AllAsync(filter)).Count.ShouldBe(2);
        filter.To = start.ToTimestamp();
        filter.From = start.AddSeconds(-1).ToTimestamp();
        (await AllAsync(filter)).ShouldBe([stories[0].RequestId.ToString("D")]);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "large")]
    [InlineData(true, "large")]
    public async Task Pages_neither_miss_nor_repeat_a_request_while_others_are_written(bool oldestFirst, string model)
    {
        var begin = TimeProvider.System.GetUtcNow().AddMinutes(-10);
        RequestCompleted Answer(RequestCompleted row) => model.Length == 0 ? row : row with { Model = model };
        var before = await WriteAsync(_tenant, 40, Answer, begin);
        await WriteAsync(_tenant, model.Length == 0 ? 0 : 1_500, startedAt: begin.AddSeconds(5));
        before = [.. before, .. await WriteAsync(_tenant, 10, Answer, begin.AddSeconds(10))];

        using var paging = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = Task.Run(
            async () =>
            {
                for (var second = 0; !paging.IsCancellationRequested; second++)
                    await WriteAsync(_tenant, 5, Answer, begin.AddSeconds(second % 2 == 0 ? second % 10 : 600 + second));
            },
            Cancellation);
        var seen = await AllAsync(new RequestFilter { Model = model }, oldestFirst, pageSize: 3, most: before.Count * 3);
        await paging.CancelAsync();
        await writing;

        seen.ShouldBeUnique();
        Newest(before).ShouldBeSubsetOf(seen);
        seen.ShouldBe(oldestFirst ? seen.Order(StringComparer.Ordinal) : seen.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Foreign_tenant_sees_nothing_and_is_not_told_that_there_was_something()
    {
        await WriteAsync(_tenant, 3);
        foreach (var filter in new RequestFilter[] { new() { KeyId = "key1" }, new() { Model = "small" }, new() })
        {
            var page = await Client.ListRequestsAsync(new ListRequestsRequest { Filter = filter }, Options(_tenant + "-stranger"));
            page.Requests.ShouldBeEmpty();
            page.NextPageToken.ShouldBeEmpty();
            (await StatusAsync(new ListRequestsRequest { TenantId = _tenant, Filter = filter }, _tenant + "-stranger")).ShouldBe(StatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Page_token_continues_its_own_list_only()
    {
        await WriteAsync(_tenant, 3);
        var first = new ListRequestsRequest { TenantId = _tenant, PageSize = 1, Filter = new RequestFilter { KeyId = "key1" } };
        var token = (await Client.ListRequestsAsync(first, Options())).NextPageToken;

        ListRequestsRequest Next(Action<ListRequestsRequest> change)
        {
            var next = first.Clone();
            next.PageToken = token;
            change(next);
            return next;
        }

        (await Client.ListRequestsAsync(Next(next => next.PageSize = 2), Options())).Requests.Count.ShouldBe(2);
        (await StatusAsync(Next(next => next.Filter.KeyId = "key2"))).ShouldBe(StatusCode.InvalidArgument);
        (await StatusAsync(Next(next => next.Filter = null))).ShouldBe(StatusCode.InvalidArgument);
        (await StatusAsync(Next(next => next.OldestFirst = true))).ShouldBe(StatusCode.InvalidArgument);
        (await StatusAsync(Next(next => next.TenantId = _tenant + "-x"))).ShouldBe(StatusCode.InvalidArgument);
        (await StatusAsync(Next(next => next.PageToken = token[..^1]))).ShouldBe(StatusCode.InvalidArgument);
    }

    private static Dictionary<string, string> Tags(params (string Name, string Value)[] tags) => tags.ToDictionary(tag => tag.Name, tag => tag.Value);

    private static IReadOnlyList<string> Newest(IEnumerable<Guid> ids) =>
        [.. ids.Select(id => id.ToString("D")).OrderDescending(StringComparer.Ordinal)];

    /// <summary>Writes requests that differ from the usual one by what their end tells.</summary>
    private async Task<IReadOnlyList<Guid>> WriteAsync(
        string tenant, int count, Func<RequestCompleted, RequestCompleted>? change = null, DateTimeOffset? startedAt = null)
    {
        var stories = Enumerable.Range(0, count).Select(_ => LedgerStory.Begin(tenant, startedAt)).ToList();
        foreach (var chunk in stories.Chunk(100))
            await _host.Writer.WriteAsync(chunk.SelectMany(story => (LedgerEvent[])[.. story.Events.Take(3), story.Wrap((change ?? (row => row))(story.Completed))]).Sequenced(), Cancellation);
        return [.. stories.Select(story => story.RequestId)];
    }

    private async Task<IReadOnlyList<string>> AllAsync(RequestFilter filter, bool oldestFirst = false, string? tenant = null, int pageSize = 2, int most = int.MaxValue)
    {
        var seen = new List<string>();
        var request = new ListRequestsRequest { TenantId = tenant ?? _tenant, Filter = filter.Clone(), OldestFirst = oldestFirst, PageSize = tenant is "" ? 200 : pageSize };
        do
        {
            var page = await Client.ListRequestsAsync(request, Options());
            page.Requests.Count.ShouldBeLessThanOrEqualTo(request.PageSize);
            page.Requests.ShouldAllBe(record => record.Attempts.Count == 1 || record.CompletedAt == null);
            seen.AddRange(page.Requests.Select(record => record.RequestId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && seen.Count < most);

        return seen;
    }

    private CallOptions Options(string tenantId = "") => _host.CallsAs("gateway").For(tenantId, "admin", TimeSpan.FromMinutes(1), Cancellation);

    private async Task<StatusCode> StatusAsync(ListRequestsRequest request, string caller = "") =>
        (await Should.ThrowAsync<RpcException>(async () => await Client.ListRequestsAsync(request, Options(caller)))).StatusCode;
}
