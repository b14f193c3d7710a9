using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Reconciliation;
using Orchestration.Metrics.Repricing;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Metrics.Tests.Repricing;

public sealed class RepricingTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly MetricsHost _host = fixture.Host;
    private readonly string _tenant = $"tenant-{Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RepricingService.RepricingServiceClient Client => new(_host.Channel);

    [Fact]
    public async Task A_new_version_is_shown_applied_and_reversed_without_losing_a_digit()
    {
        var story = await WriteAsync(Now.AddHours(-3));
        var before = await _host.Database.RowsAsync("attempts", story.AttemptId);

        var prepared = await DoneAsync(await Client.PrepareRepricingAsync(Ask(NewPrice()), Gateway()));
        prepared.State.ShouldBe(RepricingState.Prepared);
        var difference = prepared.Differences.ShouldHaveSingleItem();
        (difference.CostBefore.Amount, difference.CostAfter.Amount).ShouldBe(("0.0003", "0.0005"));
        (difference.BilledBefore.Amount, difference.BilledAfter.Amount, difference.BilledDifference.Amount, difference.Adjusted.Amount).ShouldBe(("0.0021", "0.0035", "0.0014", "0"));
        (await _host.Database.RowsAsync("attempts", story.AttemptId)).ShouldBe(before);

        var applied = await DoneAsync(await Client.ApplyRepricingAsync(new ApplyRepricingRequest { RepricingId = prepared.RepricingId }, Gateway()));
        (applied.State, applied.AttemptsApplied, applied.AttemptsStale).ShouldBe((RepricingState.Applied, 1, 0));
        (await ReadAsync(story)).ShouldBe((0.0005m, 0.0035m, 0.0035m, "new"));
        // The same events again change nothing of it.
        await _host.Writer.WriteAsync(EventsOf(story).Sequenced(), Cancellation);
        (await ReadAsync(story)).ShouldBe((0.0005m, 0.0035m, 0.0035m, "new"));

        var reversed = await DoneAsync(await Client.ReverseRepricingAsync(new ReverseRepricingRequest { RepricingId = prepared.RepricingId }, Gateway()));
        reversed.State.ShouldBe(RepricingState.Reversed);
        (await _host.Database.RowsAsync("attempts", story.AttemptId)).ShouldBe(before);
        (await ReadAsync(story)).ShouldBe((0.0003m, 0.0021m, 0.0021m, "old"));
    }

    [Theory]
    [InlineData(true, "priority", "0.0009")]
    [InlineData(false, "priority", "0.0007")]
    [InlineData(true, "", "0.0005")]
    public async Task What_an_attempt_was_charged_under_prices_it_again(bool thinking, string serviceTier, string after)
    {
        // All tiers charge the same for this usage, so that nothing but what was told can tell them apart.
        var old = Tiered("old", "4", "4", "4");
        var story = LedgerStory.Begin(_tenant, Now.AddHours(-3));
        var target = story.Finished.Target with { Price = Google.Protobuf.JsonFormatter.Default.Format(old), Rate = 7m, Simulated = false };
        var finished = story.Finished with
        {
            Target = target, Usage = new TokenCounts { Input = 100, Output = 50 }, Cost = 0.0003m, Billed = 0.0021m, Thinking = thinking, ServiceTier = serviceTier,
        };
        LedgerEvent[] events = [story.Wrap(story.Admitted), story.Wrap(story.Started with { Target = target }), story.Wrap(finished), story.Wrap(story.Completed with { Cost = 0.0021m })];
        await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);

        var own = await DoneAsync(await Client.PrepareRepricingAsync(Ask(new RepricingRule { Price = old }), Gateway()));
        (own.AttemptsSeen, own.AttemptsDiffering, own.AttemptsUnexplained).ShouldBe((1, 0, 0));
        var other = await DoneAsync(await Client.PrepareRepricingAsync(Ask(new RepricingRule { Price = Tiered("new", "16", "12", "8") }), Gateway()));
        other.Differences.ShouldHaveSingleItem().CostAfter.Amount.ShouldBe(after);
    }

    // Output of the service tier "priority" with thinking, without, and of everything else.
    private static PriceRecord Tiered(string id, string thinking, string plain, string rest)
    {
        var record = Record(id, "1", rest);
        record.Tiers.Insert(0, new PriceTier { ServiceTier = "priority", Input = "1", Output = plain });
        record.Tiers.Insert(0, new PriceTier { ServiceTier = "priority", Thinking = true, Input = "1", Output = thinking });
        return record;
    }

    [Fact]
    public async Task Of_two_versions_the_later_one_goes_first_and_an_outdated_one_is_prepared_again()
    {
        var story = await WriteAsync(Now.AddHours(-3));
        var first = await DoneAsync(await Client.PrepareRepricingAsync(Ask(new RepricingRule { Factor = "2" }), Gateway()));
        var second = await DoneAsync(await Client.PrepareRepricingAsync(Ask(new RepricingRule { Factor = "3" }), Gateway()));
        await DoneAsync(await Client.ApplyRepricingAsync(new ApplyRepricingRequest { RepricingId = first.RepricingId }, Gateway()));
        await RefusedAsync(() => Client.ApplyRepricingAsync(new ApplyRepricingRequest { RepricingId = second.RepricingId }, Gateway()));

        var third = await DoneAsync(await Client.PrepareRepricingAsync(Ask(new RepricingRule { Factor = "10" }), Gateway()));
        third.Differences.ShouldHaveSingleItem().BilledAfter.Amount.ShouldBe("0.042");
        await DoneAsync(await Client.ApplyRepricingAsync(new ApplyRepricingRequest { RepricingId = third.RepricingId }, Gateway()));
        await RefusedAsync(() => Client.ReverseRepricingAsync(new ReverseRepricingRequest { RepricingId = first.RepricingId }, Gateway()));

        foreach (var (repricing, billed) in new[] { (third, 0.0042m), (first, 0.0021m) })
        {
            await DoneAsync(await Client.ReverseRepricingAsync(new ReverseRepricingRequest { RepricingId = repricing.RepricingId }, Gateway()));
            (await ReadAsync(story)).Billed.ShouldBe(billed);
        }
    }

    [Fact]
    public async Task A_cancelled_version_leaves_nothing_behind()
    {
        var story = await WriteAsync(Now.AddHours(-3));
        var prepared = await DoneAsync(await Client.PrepareRepricingAsync(Ask(NewPrice()), Gateway()));

        (await DoneAsync(await Client.CancelRepricingAsync(new CancelRepricingRequest { RepricingId = prepared.RepricingId }, Gateway()))).State.ShouldBe(RepricingState.Cancelled);

        (await ReadAsync(story)).ShouldBe((0.0003m, 0.0021m, 0.0021m, "old"));
        await RefusedAsync(() => Client.ApplyRepricingAsync(new ApplyRepricingRequest { RepricingId = prepared.RepricingId }, Gateway()));
    }

    [Fact]
    public async Task A_closed_month_keeps_its_rows_and_gets_lines()
    {
        var lastMonth = new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddDays(-2);
        var story = await WriteAsync(lastMonth);
        var month = lastMonth.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        var closed = await Client.CloseMonthAsync(new CloseMonthRequest { TenantId = _tenant, Month = month, Actor = "finance" }, Gateway());
        closed.Totals.ShouldHaveSingleItem().Billed.Amount.ShouldBe("0.0021");
        await RefusedAsync(() => Client.CloseMonthAsync(new CloseMonthRequest { TenantId = _tenant, Month = month, Actor = "finance" }, Gateway()));

        var ask = Ask(NewPrice());
        (ask.PeriodFrom, ask.PeriodTo) = (Timestamp.FromDateTimeOffset(lastMonth.AddDays(-1)), Timestamp.FromDateTimeOffset(lastMonth.AddDays(1)));
        var prepared = await DoneAsync(await Client.PrepareRepricingAsync(ask, Gateway()));
        prepared.Differences.ShouldHaveSingleItem().Adjusted.Amount.ShouldBe("0.0014");
        await DoneAsync(await Client.ApplyRepricingAsync(new ApplyRepricingRequest { RepricingId = prepared.RepricingId }, Gateway()));

        (await ReadAsync(story)).ShouldBe((0.0003m, 0.0021m, 0.0021m, "old"));
        var line = (await Client.ListAdjustmentsAsync(new ListAdjustmentsRequest { TenantId = _tenant }, Gateway())).Adjustments.ShouldHaveSingleItem();
        (line.Amount.Amount, line.BelongsTo, line.RepricingId).ShouldBe(("0.0014", month, prepared.RepricingId));
        line.BookedIn.ShouldNotBe(month);

        // A second version starts from what the lines made of the month.
        ask.Rules[0].Price.Tiers[0].Output = "1";
        (await DoneAsync(await Client.PrepareRepricingAsync(ask, Gateway()))).Differences.ShouldHaveSingleItem().BilledBefore.Amount.ShouldBe("0.0035");

        await DoneAsync(await Client.ReverseRepricingAsync(new ReverseRepricingRequest { RepricingId = prepared.RepricingId }, Gateway()));
        await Client.AddAdjustmentAsync(new AddAdjustmentRequest { Adjustment = new Adjustment { TenantId = _tenant, BelongsTo = month, Reason = "goodwill", Actor = "finance", Amount = new Money { Amount = "-0.5", Currency = "CNY" } } }, Gateway());
        (await Client.ListClosedMonthsAsync(new ListClosedMonthsRequest { TenantId = _tenant }, Gateway())).Months.ShouldHaveSingleItem().Totals[0].Adjusted.Amount.ShouldBe("-0.5");
    }

    [Fact]
    public async Task Of_two_versions_under_way_at_once_a_closed_month_takes_one()
    {
        var lastMonth = new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddDays(-2);
        await WriteAsync(lastMonth);
        var month = lastMonth.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        await Client.CloseMonthAsync(new CloseMonthRequest { TenantId = _tenant, Month = month, Actor = "finance" }, Gateway());
        var ask = Ask(new RepricingRule { Factor = "0.9" });
        (ask.PeriodFrom, ask.PeriodTo) = (Timestamp.FromDateTimeOffset(lastMonth.AddDays(-1)), Timestamp.FromDateTimeOffset(lastMonth.AddDays(1)));
        Contracts.Metrics.V1.Repricing[] both = [await DoneAsync(await Client.PrepareRepricingAsync(ask, Gateway())), await DoneAsync(await Client.PrepareRepricingAsync(ask, Gateway()))];

        // As two replicas may have begun that did not know of each other.
        await using (var begin = _host.Database.CreateCommand("UPDATE repricings SET state = 'applying' WHERE id = ANY ($1)"))
        {
            begin.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. both.Select(repricing => Guid.Parse(repricing.RepricingId))] });
            await begin.ExecuteNonQueryAsync(Cancellation);
        }

        for (var index = 0; index < both.Length; index++)
            both[index] = await DoneAsync(await Client.GetRepricingAsync(new GetRepricingRequest { RepricingId = both[index].RepricingId }, Gateway()));
        both.Select(repricing => (repricing.AttemptsApplied, repricing.AttemptsStale)).ShouldBe([(1, 0), (0, 1)], ignoreOrder: true);
        (await Client.ListAdjustmentsAsync(new ListAdjustmentsRequest { TenantId = _tenant }, Gateway())).Adjustments.ShouldHaveSingleItem().Amount.Amount.ShouldBe("-0.00021");
    }

    [Fact]
    public async Task What_is_told_after_the_closing_becomes_a_line_and_leaves_the_month_alone()
    {
        var lastMonth = new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddDays(-2);
        await WriteAsync(lastMonth);
        var month = lastMonth.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        await Client.CloseMonthAsync(new CloseMonthRequest { TenantId = _tenant, Month = month, Actor = "finance" }, Gateway());
        var figures = await FiguresAsync();

        var late = LedgerStory.Begin(_tenant, lastMonth.AddMinutes(1));
        await _host.Writer.WriteAsync(EventsOf(late).Take(2).Sequenced(), Cancellation);
        await _host.Writer.WriteAsync(EventsOf(late).Sequenced(), Cancellation);
        await _host.Writer.WriteAsync(EventsOf(late).Sequenced(), Cancellation);

        (await FiguresAsync()).ShouldBe(figures);
        (await ReadAsync(late)).ShouldBe((0.0003m, 0.0021m, 0.0021m, "old"));
        var line = (await Client.ListAdjustmentsAsync(new ListAdjustmentsRequest { TenantId = _tenant }, Gateway())).Adjustments.ShouldHaveSingleItem();
        (line.Amount.Amount, line.BelongsTo, line.ProjectId, line.RepricingId, line.Reason).ShouldBe(("0.0021", month, "web", "", LateLines.Reason));
        line.BookedIn.ShouldNotBe(month);
        var total = (await Client.ListClosedMonthsAsync(new ListClosedMonthsRequest { TenantId = _tenant }, Gateway())).Months.ShouldHaveSingleItem().Totals.ShouldHaveSingleItem();
        (total.Billed.Amount, total.Adjusted.Amount).ShouldBe(("0.0021", "0.0021"));
        // The rows and the rollups are compared all the same.
        (await _host.Services.GetRequiredService<LedgerComparison>().OfDayAsync(DateOnly.FromDateTime(lastMonth.UtcDateTime), 1_000, Cancellation))
            .Shown.ShouldNotContain(gap => gap.Kind == "rollup" && gap.TenantId == _tenant);
    }

    // Everything that a report of the month is made of.
    private async Task<string> FiguresAsync()
    {
        await using var command = _host.Database.CreateCommand("""
            SELECT (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.dimension, s.grain, s.bucket, s.value, s.detail), '[]') FROM usage_slices s WHERE tenant_id = $1 AND dimension <> 'late')::text
                || (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.bucket), '[]') FROM usage_cells c WHERE tenant_id = $1)::text
                || (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.bucket), '[]') FROM provider_costs p WHERE tenant_id = $1)::text
                || (SELECT totals::text FROM closed_months WHERE tenant_id = $1)
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _tenant });
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    [Fact]
    public async Task A_month_is_not_closed_while_a_request_is_open_or_before_it_is_over()
    {
        var lastMonth = new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddDays(-2);
        var story = LedgerStory.Begin(_tenant, lastMonth);
        await _host.Writer.WriteAsync(new[] { story.Wrap(story.Admitted) }.Sequenced(), Cancellation);
        var request = new CloseMonthRequest { TenantId = _tenant, Month = lastMonth.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture), Actor = "finance" };
        await RefusedAsync(() => Client.CloseMonthAsync(request, Gateway()));

        request.Month = Now.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        var notOver = await Should.ThrowAsync<RpcException>(() => Client.CloseMonthAsync(request, Gateway()).ResponseAsync);
        (notOver.StatusCode, notOver.GetFailure().Param).ShouldBe((StatusCode.InvalidArgument, "month"));
        request.Month = lastMonth.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        (await Should.ThrowAsync<RpcException>(() => Client.CloseMonthAsync(request, Gateway()).ResponseAsync)).GetFailure().Param.ShouldBe("month");
        request.TimeZone = "Mars/Olympus";
        (await Should.ThrowAsync<RpcException>(() => Client.CloseMonthAsync(request, Gateway()).ResponseAsync)).GetFailure().Param.ShouldBe("time_zone");
    }

    [Fact]
    public async Task A_period_that_the_ledger_may_still_settle_is_refused()
    {
        var ask = Ask(NewPrice());
        ask.PeriodTo = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMinutes(-89));
        var refused = (await Should.ThrowAsync<RpcException>(() => Client.PrepareRepricingAsync(ask, Gateway()).ResponseAsync)).GetFailure();
        (refused.Param, refused.Message).ShouldBe(("period_to", "The period ends at least 90 minutes ago: until then the ledger may still settle requests whose process died."));

        ask.PeriodTo = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMinutes(-91));
        (await Client.PrepareRepricingAsync(ask, Gateway())).RepricingId.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Only_the_gateway_may_ask() =>
        (await Should.ThrowAsync<RpcException>(() => Client.ListRepricingsAsync(new ListRepricingsRequest(), _host.Calls.For("", "admin", TimeSpan.FromSeconds(10), Cancellation)).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);

    private PrepareRepricingRequest Ask(RepricingRule rule) => new()
    {
        PeriodFrom = Timestamp.FromDateTimeOffset(Now.AddDays(-1)),
        PeriodTo = Timestamp.FromDateTimeOffset(Now.AddHours(-2)),
        Filter = new RepricingFilter { TenantId = _tenant },
        Rules = { rule },
        Reason = "wrong list",
        Actor = "operator",
    };

    private static RepricingRule NewPrice() => new() { AppliesTo = new RepricingFilter { Model = "small" }, Price = Record("new", "3", "4") };

    private static PriceRecord Record(string id, string input, string output) => new()
    {
        PriceId = id, Model = "small", Currency = "USD", Region = "any", Confidence = "high", Tiers = { new PriceTier { Input = input, Output = output } },
    };

    private async Task<LedgerStory> WriteAsync(DateTimeOffset at)
    {
        var story = LedgerStory.Begin(_tenant, at);
        await _host.Writer.WriteAsync(EventsOf(story).Sequenced(), Cancellation);
        return story;
    }

    private readonly Dictionary<LedgerStory, LedgerEvent[]> _events = [];

    // A hundred tokens in and fifty out at 1 and 4 dollars: 0.0003 USD, at a rate of 7.
    private LedgerEvent[] EventsOf(LedgerStory story)
    {
        if (_events.TryGetValue(story, out var made)) return made;
        var target = story.Finished.Target with { Price = Google.Protobuf.JsonFormatter.Default.Format(Record("old", "1", "4")), Rate = 7m, Simulated = false };
        var finished = story.Finished with { Target = target, Usage = new TokenCounts { Input = 100, Output = 50 }, Cost = 0.0003m, Billed = 0.0021m };
        return _events[story] =
        [
            story.Wrap(story.Admitted), story.Wrap(story.Started with { Target = target }), story.Wrap(finished), story.Wrap(story.Completed with { Cost = 0.0021m }),
        ];
    }

    private async Task<(decimal Cost, decimal Billed, decimal RequestCost, string Price)> ReadAsync(LedgerStory story)
    {
        await using var command = _host.Database.CreateCommand("SELECT a.cost, a.billed, r.cost, a.price->>'priceId' FROM attempts a JOIN requests r ON r.id = a.request_id WHERE a.id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = story.AttemptId });
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        (await reader.ReadAsync(Cancellation)).ShouldBeTrue();
        return (reader.GetDecimal(0), reader.GetDecimal(1), reader.GetDecimal(2), reader.GetString(3));
    }

    /// <summary>Takes the steps itself instead of waiting for the worker, who may take some of them.</summary>
    private async Task<Contracts.Metrics.V1.Repricing> DoneAsync(Contracts.Metrics.V1.Repricing repricing)
    {
        var work = _host.Services.GetRequiredService<RepricingWork>();
        while (repricing.State is RepricingState.Preparing or RepricingState.Applying or RepricingState.Reversing)
        {
            await work.StepAsync(Cancellation);
            repricing = await Client.GetRepricingAsync(new GetRepricingRequest { RepricingId = repricing.RepricingId }, Gateway());
        }

        return repricing;
    }

    private static async Task RefusedAsync<TResponse>(Func<AsyncUnaryCall<TResponse>> call) =>
        (await Should.ThrowAsync<RpcException>(() => call().ResponseAsync)).StatusCode.ShouldBe(StatusCode.Aborted);

    private static CallOptions Gateway()
    {
        var identity = Options.Create(new ServiceIdentityOptions { SigningKey = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(number => (byte)number)]) });
        return new InternalCalls(new ServiceTokens(identity, new ServiceInfo("gateway", "0"), TimeProvider.System), TimeProvider.System).For("", "admin", TimeSpan.FromSeconds(60), Cancellation);
    }
}
