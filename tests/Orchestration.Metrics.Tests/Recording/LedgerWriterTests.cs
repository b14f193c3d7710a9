using System.Text.Json;
using CsCheck;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Recording;

public sealed class LedgerWriterTests(BackingServices services, MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_events_make_two_full_rows()
    {
        var story = LedgerStory.Begin();

        await WriteAsync(story.Events);

        var request = JsonDocument.Parse((await _host.Database.RowsAsync("requests", story.RequestId)).ShouldHaveSingleItem()).RootElement;
        request.GetProperty("tenant_id").GetString().ShouldBe("acme");
        request.GetProperty("cost").GetRawText().ShouldBe("0.000223000000000");
        request.GetProperty("trace_id").GetString().ShouldBe(story.TraceId);
        request.GetProperty("tags").GetProperty("team").GetString().ShouldBe("搜索");
        request.GetProperty("lease_slices")[0].GetProperty("amount").GetDecimal().ShouldBe(0.5m);
        var attempt = JsonDocument.Parse((await _host.Database.RowsAsync("attempts", story.AttemptId)).ShouldHaveSingleItem()).RootElement;
        attempt.GetProperty("cost").GetRawText().ShouldBe("0.000031360000001");
        attempt.GetProperty("price").GetProperty("tiers")[0].GetProperty("input").GetString().ShouldBe("0.14");
        new[] { "input", "cache_read", "cache_write", "cache_write_one_hour", "audio_input", "output", "reasoning", "audio_output" }
            .Select(name => attempt.GetProperty(name + "_tokens").GetInt64()).ShouldBe([100, 20, 3, 4, 5, 60, 7, 8]);
        attempt.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Null).ShouldBeEmpty();
        request.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Null).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_order_of_single_events_with_copies_gives_the_same_rows()
    {
        var moment = TimeProvider.System.GetUtcNow();
        foreach (var order in Permutations([0, 1, 2, 3]))
        {
            var (told, expected) = Disagreeing(moment);
            await WriteAsync(expected.Events);
            foreach (var index in order)
                await WriteAsync([told.Events[index]]);
            foreach (var index in order)
                await WriteAsync([told.Events[index]]);

            (await RowsAsync(told)).ShouldBe(await RowsAsync(expected), $"order {string.Join(", ", order)}");
        }
    }

    [Fact]
    public async Task Any_cut_of_any_shuffle_with_copies_gives_the_same_rows()
    {
        var moment = TimeProvider.System.GetUtcNow();
        var shuffles = Gen.Shuffle(Enumerable.Range(0, 16).ToArray());
        var cuts = Gen.Int[1, 7].Array[16];
        await Gen.Select(shuffles, cuts).SampleAsync(
            async (shuffle, cut) =>
            {
                var stories = new[] { Disagreeing(moment), Disagreeing(moment) };
                foreach (var (_, expected) in stories)
                    await WriteAsync(expected.Events);

                // Each of the eight events twice, shuffled over both requests and cut into batches of random length.
                var events = shuffle.Select(number => stories[number % 2].Told.Events[number / 2 % 4]).ToList();
                for (var (offset, index) = (0, 0); offset < events.Count; offset += cut[index++])
                    await WriteAsync(events.Skip(offset).Take(cut[index]));

                foreach (var (told, expected) in stories)
                    (await RowsAsync(told)).ShouldBe(await RowsAsync(expected));
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task Second_delivery_writes_no_row_version()
    {
        var story = LedgerStory.Begin();
        await WriteAsync(story.Events);
        var before = await VersionsAsync(story);

        await WriteAsync(story.Events);
        await WriteAsync(story.Events.Take(1));

        (await VersionsAsync(story)).ShouldBe(before);
    }

    [Fact]
    public async Task Bad_events_are_quarantined_alone_and_once()
    {
        var stories = Enumerable.Range(0, 20).Select(_ => LedgerStory.Begin()).ToList();
        var bad = LedgerStory.Begin();
        var before = await QuarantinedAsync();
        LedgerEvent[] events =
        [
            .. stories.Take(10).SelectMany(story => story.Events),
            bad.Events[0] with { Payload = "{\"broken\0" },
            bad.Wrap(bad.Completed) with { PayloadVersion = 2 },
            bad.Wrap(bad.Finished with { Cost = -1 }),
            bad.Events[1] with { EventId = Guid.Empty },
            bad.Events[1] with { EventId = Guid.Empty, Payload = "other" },
            bad.Wrap(bad.Completed) with { Type = "FromTheFuture" },
            .. stories.Skip(10).SelectMany(story => story.Events),
        ];

        await WriteAsync(events);
        await WriteAsync(events);

        (await RowCountAsync("requests", stories.Select(story => story.RequestId))).ShouldBe(20);
        (await RowCountAsync("attempts", stories.Select(story => story.AttemptId))).ShouldBe(20);
        (await QuarantinedAsync()).ShouldBe(before + 5);
        (await _host.Database.CountAsync($"quarantined_events WHERE event_id = '{bad.Events[0].EventId}' AND reason LIKE 'payload%'")).ShouldBe(1);
        (await _host.Database.CountAsync($"requests WHERE id = '{bad.RequestId}'")).ShouldBe(0);
    }

    [Fact]
    public async Task Value_that_only_the_database_refuses_is_found_and_quarantined_alone()
    {
        var stories = Enumerable.Range(0, 9).Select(_ => LedgerStory.Begin()).ToList();
        var bad = LedgerStory.Begin();
        await using (var administrator = new NpgsqlConnection(services.AdminConnectionString + ";Database=" + _host.Name))
        {
            await administrator.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand("ALTER TABLE requests ADD CONSTRAINT test_limit CHECK (requested_model <> 'forbidden')", administrator);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var before = await QuarantinedAsync();
        var refused = bad.Wrap(bad.Admitted with { RequestedModel = "forbidden" });
        await WriteAsync([.. stories.Take(4).SelectMany(story => story.Events), refused, .. stories.Skip(4).SelectMany(story => story.Events)]);

        (await RowCountAsync("requests", stories.Select(story => story.RequestId))).ShouldBe(9);
        (await _host.Database.CountAsync($"quarantined_events WHERE event_id = '{refused.EventId}' AND reason = 'database: 23514'")).ShouldBe(1);
        (await QuarantinedAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Text_that_cannot_be_stored_as_it_is_keeps_no_request_out_of_the_ledger()
    {
        var story = LedgerStory.Begin();
        var dimensions = story.Dimensions with
        {
            EndUser = new string('u', 511) + "😀",
            SessionId = "a\0b",
            Tags = new Dictionary<string, string> { ["\0"] = "\0", ["long"] = new string('v', 9_000), ["null"] = null! },
        };

        await WriteAsync([story.Wrap(story.Completed with { Dimensions = dimensions, RequestedModel = new string('m', 100_000) })]);

        var row = JsonDocument.Parse((await _host.Database.RowsAsync("requests", story.RequestId)).ShouldHaveSingleItem()).RootElement;
        row.GetProperty("cost").GetDecimal().ShouldBe(story.Completed.Cost);
        row.GetProperty("end_user").GetString().ShouldBe(new string('u', 511));
        row.GetProperty("session_id").GetString().ShouldBe("a\uFFFDb");
        row.GetProperty("requested_model").GetString()!.Length.ShouldBe(512);
        row.GetProperty("tags").EnumerateObject().Select(tag => tag.Value.GetString()!.Length).ShouldBe([1, 512, 0], ignoreOrder: true);
    }

    [Fact]
    public async Task Contradiction_of_a_stored_event_is_quarantined_and_changes_nothing()
    {
        var story = LedgerStory.Begin();
        await WriteAsync(story.Events);
        var before = await RowsAsync(story);
        var dearer = story.Wrap(story.Completed with { Cost = 5 });
        var elsewhere = story.Wrap(story.Finished with { Dimensions = story.Dimensions with { TenantId = "other" } });

        await WriteAsync([dearer, elsewhere]);

        (await RowsAsync(story)).ShouldBe(before);
        (await _host.Database.CountAsync($"quarantined_events WHERE reason LIKE 'event:%' AND event_id IN ('{dearer.EventId}', '{elsewhere.EventId}')")).ShouldBe(2);
    }

    [Fact]
    public async Task Overlapping_batches_at_once_give_full_rows()
    {
        var stories = Enumerable.Range(0, 200).Select(_ => LedgerStory.Begin()).ToList();
        var before = await QuarantinedAsync();
        var halves = stories.SelectMany(story => story.Events).Select((item, index) => (item, index)).ToLookup(pair => pair.index % 4, pair => pair.item);

        await Task.WhenAll(halves.Select(half => WriteAsync(half.Reverse())).Concat(halves.Select(half => WriteAsync(half))));

        (await RowCountAsync("requests", stories.Select(story => story.RequestId), "admitted_event_id IS NOT NULL AND completed_event_id IS NOT NULL")).ShouldBe(200);
        (await RowCountAsync("attempts", stories.Select(story => story.AttemptId), "started_event_id IS NOT NULL AND finished_event_id IS NOT NULL")).ShouldBe(200);
        (await QuarantinedAsync()).ShouldBe(before);
    }

    private async Task WriteAsync(IEnumerable<LedgerEvent> events) => await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);

    private Task<long> QuarantinedAsync() => _host.Database.CountAsync("quarantined_events");

    private async Task<IReadOnlyList<string>> RowsAsync(LedgerStory story) =>
    [
        .. (await _host.Database.RowsAsync("requests", story.RequestId)).Select(Neutral),
        .. (await _host.Database.RowsAsync("attempts", story.AttemptId)).Select(Neutral),
    ];

    /// <summary>
    /// Two tellings of the same events whose shared columns differ between the witnesses: order must not show even then. The
    /// second telling is written in order, in one batch.
    /// </summary>
    private static (Story Told, Story Expected) Disagreeing(DateTimeOffset moment) => (Story.Of(moment), Story.Of(moment));

    private Task<IReadOnlyList<string>> RowsAsync(Story story) => RowsAsync(story.Source);

    // What differs between two stories by nature: ids and the trace.
    private static string Neutral(string row)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(row)!;
        foreach (var name in members.Keys.Where(name => name.EndsWith("_id", StringComparison.Ordinal) || name is "id" or "lease_slices").ToList())
        {
            if (name != "tenant_id")
                members[name] = JsonSerializer.SerializeToElement(members[name].ValueKind.ToString());
        }

        return JsonSerializer.Serialize(members);
    }

    private async Task<IReadOnlyList<string>> VersionsAsync(LedgerStory story)
    {
        await using var command = _host.Database.CreateCommand(
            $"SELECT xmin::text || ctid::text FROM requests WHERE id = '{story.RequestId}' UNION ALL SELECT xmin::text || ctid::text FROM attempts WHERE id = '{story.AttemptId}'");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var versions = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            versions.Add(reader.GetString(0));
        return versions;
    }

    private async Task<long> RowCountAsync(string table, IEnumerable<Guid> ids, string condition = "true") =>
        await _host.Database.CountAsync($"{table} WHERE id IN ({string.Join(", ", ids.Select(id => $"'{id}'"))}) AND {condition}");

    private static IEnumerable<int[]> Permutations(int[] items) =>
        items.Length == 0
            ? [[]]
            : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    /// <summary>A story whose witnesses disagree on what both tell.</summary>
    private sealed record Story(LedgerStory Source, IReadOnlyList<LedgerEvent> Events)
    {
        public static Story Of(DateTimeOffset moment)
        {
            var source = LedgerStory.Begin(startedAt: moment);
            var early = source.Dimensions with { Route = "planned", PolicyVersion = "6" };
            return new Story(source,
            [
                source.Wrap(source.Admitted with { Dimensions = early }),
                source.Wrap(source.Started with { Dimensions = early, Target = source.Started.Target with { Model = "planned", Rate = 7m } }),
                source.Wrap(source.Finished),
                source.Wrap(source.Completed) with { TraceParent = null },
            ]);
        }
    }
}
