using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Querying;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Querying;

public sealed class LedgerServiceTests(BackingServices services, MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LedgerService.LedgerServiceClient Client => new(_host.Channel);

    [Fact]
    public async Task Request_is_returned_with_its_attempts_and_every_digit()
    {
        var story = LedgerStory.Begin();
        await WriteAsync(story);

        var record = await GetAsync("acme", story.RequestId);

        record.Attribution.TenantId.ShouldBe("acme");
        record.Attribution.Purpose.ShouldBe(Purpose.Chat);
        record.Attribution.Tags["team"].ShouldBe("搜索");
        record.Cost.ShouldBe(new Money { Amount = "0.000223", Currency = "CNY" });
        record.Settlement.ShouldBe(Settlement.Exact);
        record.StartedAt.ToDateTimeOffset().ShouldBe(story.StartedAt);
        record.TraceId.ShouldBe(story.TraceId);
        record.Simulated.ShouldBeTrue();
        var attempt = record.Attempts.ShouldHaveSingleItem();
        attempt.AttemptId.ShouldBe(story.AttemptId.ToString("D"));
        attempt.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        attempt.Cost.ShouldBe(new Money { Amount = "0.000031360000001", Currency = "USD" });
        attempt.Billed.ShouldBe(new Money { Amount = "0.000223", Currency = "CNY" });
        attempt.Price.Tiers.ShouldHaveSingleItem().CacheRead.ShouldBe("0.028");
        attempt.Usage.CacheWrite1HTokens.ShouldBe(4);
        attempt.Duration.ToTimeSpan().ShouldBe(TimeSpan.FromMilliseconds(900));
        record.Usage.ShouldBe(attempt.Usage);
    }

    [Fact]
    public async Task Usage_of_a_request_sums_its_attempts_and_is_as_sure_as_the_least_sure()
    {
        var story = LedgerStory.Begin();
        await WriteAsync(story);
        var second = story.Finished with { AttemptId = Guid.CreateVersion7(), Ordinal = 1, Settlement = "estimated" };
        var third = story.Finished with { AttemptId = Guid.CreateVersion7(), Ordinal = 2, Settlement = "released", Usage = new(), Cost = 0, Billed = 0 };
        await _host.Writer.WriteAsync(new[] { story.Wrap(third), story.Wrap(second) }.Sequenced(), Cancellation);

        var record = await GetAsync("acme", story.RequestId);

        record.Attempts.Select(attempt => attempt.Ordinal).ShouldBe([0, 1, 2]);
        record.Usage.InputTokens.ShouldBe(200);
        record.Usage.SearchUnits.ShouldBe(18);
        record.Usage.Source.ShouldBe(UsageSource.Estimated);
    }

    [Fact]
    public async Task Request_whose_sum_was_lost_costs_what_its_attempts_were_billed()
    {
        var story = LedgerStory.Begin();
        var second = story.Started with { AttemptId = Guid.CreateVersion7(), Ordinal = 1 };
        var lost = story.Completed with { Settlement = "estimated", Cost = 0, Status = "service_unavailable" };
        await _host.Writer.WriteAsync(
            new[] { story.Wrap(story.Admitted), story.Wrap(story.Finished), story.Wrap(second), story.Wrap(lost) }.Sequenced(),
            Cancellation);

        var open = await GetAsync("acme", story.RequestId);
        await _host.Writer.WriteAsync(
            new[] { story.Wrap(story.Finished with { AttemptId = second.AttemptId, Ordinal = 1 }) }.Sequenced(),
            Cancellation);
        var ended = await GetAsync("acme", story.RequestId);

        open.Cost.ShouldBe(new Money { Amount = "0.000223", Currency = "CNY" });
        open.Settlement.ShouldBe(Settlement.Estimated);
        ended.Cost.ShouldBe(new Money { Amount = "0.000446", Currency = "CNY" });
        ended.Settlement.ShouldBe(Settlement.Exact);
    }

    [Fact]
    public async Task Completed_request_is_shown_before_its_attempts_arrive()
    {
        var story = LedgerStory.Begin();
        await _host.Writer.WriteAsync(new[] { story.Events[3] }.Sequenced(), Cancellation);

        var record = await GetAsync("acme", story.RequestId);

        record.Status.ShouldBe("ok");
        record.Attempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Running_request_has_no_settlement_and_no_cost()
    {
        var story = LedgerStory.Begin();
        await _host.Writer.WriteAsync(story.Events.Take(2).Sequenced(), Cancellation);

        var record = await GetAsync("acme", story.RequestId);

        record.Settlement.ShouldBe(Settlement.Unspecified);
        record.Cost.ShouldBeNull();
        record.CompletedAt.ShouldBeNull();
        record.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe(AttemptOutcome.Unspecified);
        var status = await Client.GetStatusAsync(new GetStatusRequest(), Options());
        status.OpenRequests.ShouldBe(1);
        status.Requests.ShouldBeGreaterThanOrEqualTo(1);
        status.Attempts.ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task Estimate_of_a_large_ledger_sums_its_partitions()
    {
        await using var context = await _host.Services.GetRequiredService<IDbContextFactory<MetricsDbContext>>().CreateDbContextAsync(Cancellation);
        (await LedgerQueries.EstimateAsync(context, "requests", Cancellation)).ShouldBeGreaterThanOrEqualTo(0);
        await WriteAsync(LedgerStory.Begin("estimated"), LedgerStory.Begin("estimated", TimeProvider.System.GetUtcNow().AddYears(-4)));
        var administrator = new NpgsqlConnectionStringBuilder(services.AdminConnectionString) { Database = _host.Name, Pooling = false };
        await using var database = NpgsqlDataSource.Create(administrator);
        await using var analyze = database.CreateCommand("ANALYZE");
        await analyze.ExecuteNonQueryAsync(Cancellation);

        (await LedgerQueries.EstimateAsync(context, "requests", Cancellation)).ShouldBe(await context.Requests.LongCountAsync(Cancellation));
    }

    [Fact]
    public async Task Another_tenants_request_is_not_found()
    {
        var story = LedgerStory.Begin("acme");
        await WriteAsync(story);

        (await StatusAsync(() => GetAsync("other", story.RequestId))).ShouldBe(StatusCode.NotFound);
        (await StatusAsync(() => GetAsync("acme", Guid.CreateVersion7()))).ShouldBe(StatusCode.NotFound);
        (await GetAsync("", story.RequestId)).RequestId.ShouldBe(story.RequestId.ToString("D"));
    }

    [Fact]
    public async Task Caller_that_acts_for_a_tenant_reads_no_other()
    {
        var story = LedgerStory.Begin("acme");
        await WriteAsync(story);
        var request = new GetRequestRequest { RequestId = story.RequestId.ToString("D") };

        (await StatusAsync(() => Client.GetRequestAsync(request, Options("other")))).ShouldBe(StatusCode.NotFound);
        request.TenantId = "acme";
        (await StatusAsync(() => Client.GetRequestAsync(request, Options("other")))).ShouldBe(StatusCode.NotFound);
        (await Client.ListRequestsAsync(new ListRequestsRequest(), Options("nobody"))).Requests.ShouldBeEmpty();
        (await Client.GetRequestAsync(request, Options("acme"))).Status.ShouldBe("ok");
    }

    [Fact]
    public async Task Caller_without_identity_is_refused() =>
        (await StatusAsync(() => Client.GetStatusAsync(new GetStatusRequest(), cancellationToken: Cancellation))).ShouldBe(StatusCode.Unauthenticated);

    [Fact]
    public async Task Pages_walk_through_all_requests_newest_first()
    {
        var start = TimeProvider.System.GetUtcNow();
        var stories = Enumerable.Range(0, 7).Select(index => LedgerStory.Begin("pages", start.AddMinutes(-index))).ToList();
        stories.Add(LedgerStory.Begin("pages", start.AddYears(-1)));
        await WriteAsync([.. stories, LedgerStory.Begin("elsewhere")]);

        var seen = new List<string>();
        var token = "";
        do
        {
            var page = await Client.ListRequestsAsync(new ListRequestsRequest { TenantId = "pages", PageSize = 3, PageToken = token }, Options());
            page.Requests.Count.ShouldBeInRange(1, 3);
            page.Requests.ShouldAllBe(record => record.Attempts.Count == 1);
            seen.AddRange(page.Requests.Select(record => record.RequestId));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        seen.ShouldBe(stories.Select(story => story.RequestId.ToString("D")));
        (await Client.ListRequestsAsync(new ListRequestsRequest(), Options())).Requests.Select(record => record.Attribution.TenantId).ShouldContain("elsewhere");
    }

    [Fact]
    public async Task Page_that_ends_exactly_at_the_last_request_is_the_last()
    {
        await WriteAsync(LedgerStory.Begin("two"), LedgerStory.Begin("two"));

        var page = await Client.ListRequestsAsync(new ListRequestsRequest { TenantId = "two", PageSize = 2 }, Options());

        page.Requests.Count.ShouldBe(2);
        page.NextPageToken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nonsense", 0)]
    [InlineData("", 201)]
    [InlineData("", -1)]
    public async Task Bad_page_is_refused(string token, int size) =>
        (await StatusAsync(() => Client.ListRequestsAsync(new ListRequestsRequest { PageToken = token, PageSize = size }, Options())))
            .ShouldBe(StatusCode.InvalidArgument);

    [Fact]
    public async Task Other_services_of_the_system_read_no_requests()
    {
        var indexing = _host.CallsAs("indexing").For("", "admin", TimeSpan.FromSeconds(20), Cancellation);

        (await StatusAsync(() => Client.ListRequestsAsync(new ListRequestsRequest(), indexing))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(() => Client.GetRequestAsync(new GetRequestRequest { RequestId = Guid.CreateVersion7().ToString() }, indexing))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(() => Client.GetStatusAsync(new GetStatusRequest(), indexing))).ShouldBe(StatusCode.PermissionDenied);
    }

    private async Task WriteAsync(params LedgerStory[] stories) =>
        await _host.Writer.WriteAsync(stories.SelectMany(story => story.Events).Sequenced(), Cancellation);

    private Task<RequestRecord> GetAsync(string tenantId, Guid requestId) =>
        Client.GetRequestAsync(new GetRequestRequest { TenantId = tenantId, RequestId = requestId.ToString("D") }, Options()).ResponseAsync;

    private CallOptions Options(string tenantId = "") => _host.CallsAs("gateway").For(tenantId, "admin", TimeSpan.FromSeconds(20), Cancellation);

    private static Task<StatusCode> StatusAsync<TResponse>(Func<AsyncUnaryCall<TResponse>> call) => StatusAsync(() => call().ResponseAsync);

    private static async Task<StatusCode> StatusAsync<TResponse>(Func<Task<TResponse>> call) =>
        (await Should.ThrowAsync<RpcException>(call)).StatusCode;
}
