namespace Orchestration.Gateway.Tests.Limits;

/// <summary>The arithmetic inside Redis, at times that the tests choose.</summary>
public sealed class RedisLimitsTests(RedisStore store) : IClassFixture<RedisStore>
{
    private const long Begin = 1_764_000_000_000;

    [Theory]
    [InlineData(100, 1)]
    [InlineData(100_000, 400)]
    public async Task No_window_holds_more_than_its_limit_and_double_demand_gets_nearly_all_of_it(long amount, int largest)
    {
        var (redis, _) = await store.GatewayAsync();
        var counter = RedisStore.Counter(amount, kind: largest > 1 ? "tokens" : "requests");
        var random = new Random(7);
        var admitted = new List<(long At, long Taken)>();
        var step = counter.WindowMilliseconds * (largest + 1) / 2.0 / (2.0 * amount);
        for (var at = (double)Begin; at < Begin + (6 * counter.WindowMilliseconds); at += step * -Math.Log(1 - random.NextDouble()))
        {
            var asked = counter with { Taken = random.Next(1, largest + 1) };
            if ((await redis.TakeAsync($"r{at:R}", [asked], (long)at)).Refusing is null)
                admitted.Add(((long)at, asked.Taken));
        }

        Windows.Most(admitted, counter.WindowMilliseconds).ShouldBeLessThanOrEqualTo(amount);
        admitted.Sum(item => item.Taken).ShouldBeGreaterThan((long)(0.98 * 6 * amount));
    }

    [Fact]
    public async Task Refused_request_has_room_after_the_wait_that_it_was_told_and_not_before()
    {
        var (redis, _) = await store.GatewayAsync();
        var counter = RedisStore.Counter(3);
        for (var i = 0; i < 3; i++)
            (await redis.TakeAsync($"r{i}", [counter], Begin + (i * 5_000))).Refusing.ShouldBeNull();

        var refused = await redis.TakeAsync("r3", [counter], Begin + 20_000);

        refused.Refusing.ShouldBe(counter);
        refused.Left.ShouldBe([0L]);
        refused.WaitMilliseconds.ShouldBeInRange(40_000, 41_000);
        (await redis.TakeAsync("r4", [counter], Begin + 20_000 + refused.WaitMilliseconds - 1)).Refusing.ShouldBe(counter);
        (await redis.TakeAsync("r5", [counter], Begin + 20_000 + refused.WaitMilliseconds)).Refusing.ShouldBeNull();
    }

    [Fact]
    public async Task Request_that_one_limit_refuses_is_counted_by_none()
    {
        var (redis, _) = await store.GatewayAsync();
        var wide = RedisStore.Counter(10);
        var narrow = RedisStore.Beside(wide, 2);
        for (var i = 0; i < 2; i++)
            (await redis.TakeAsync($"r{i}", [wide, narrow], Begin)).Refusing.ShouldBeNull();

        var refused = await redis.TakeAsync("r2", [wide, narrow], Begin);

        refused.Refusing.ShouldBe(narrow);
        refused.Left.ShouldBe([8L, 0L]);
    }

    [Fact]
    public async Task Tokens_are_reserved_by_the_estimate_and_corrected_by_what_was_used()
    {
        var (redis, _) = await store.GatewayAsync();
        var counter = RedisStore.Counter(100, kind: "tokens", taken: 80);
        var first = await redis.TakeAsync("r0", [counter], Begin);
        (await redis.TakeAsync("r1", [counter], Begin + 1)).Refusing.ShouldBe(counter);

        await redis.SettleAsync("r0", first.Hold!, 15);
        var second = await redis.TakeAsync("r2", [counter], Begin + 30_000);
        await redis.SettleAsync("r2", second.Hold!, 100);

        second.Left.ShouldBe([5L]);
        (await redis.TakeAsync("r3", [counter with { Taken = 1 }], Begin + 30_001)).Left.ShouldBe([0L]);
        // What was used is freed when its reservation would have been.
        (await redis.TakeAsync("r4", [counter with { Taken = 1 }], Begin + 61_000)).Refusing.ShouldBe(counter with { Taken = 1 });
        (await redis.TakeAsync("r5", [counter with { Taken = 1 }], Begin + 91_000)).Refusing.ShouldBeNull();
    }

    [Fact]
    public async Task Request_larger_than_the_whole_limit_is_told_that_waiting_does_not_help()
    {
        var (redis, _) = await store.GatewayAsync();

        var refused = await redis.TakeAsync("r0", [RedisStore.Counter(100, kind: "tokens", taken: 101)], Begin);

        refused.WaitMilliseconds.ShouldBe(-1);
    }

    [Fact]
    public async Task Place_is_free_when_its_request_ends_or_when_nobody_keeps_it_any_more()
    {
        var (redis, _) = await store.GatewayAsync();
        var counter = RedisStore.Beside(RedisStore.Counter(1), 1, "concurrency");
        var life = (long)RedisStore.Options.PlaceLife.TotalMilliseconds;
        var first = await redis.TakeAsync("r0", [counter], Begin);
        (await redis.TakeAsync("r1", [counter], Begin + 1)).Refusing.ShouldBe(counter);

        await redis.SettleAsync("r0", first.Hold!, null);
        (await redis.TakeAsync("r2", [counter], Begin + 2)).Refusing.ShouldBeNull();

        // The gateway of r2 is gone.
        (await redis.TakeAsync("r3", [counter], Begin + life)).Refusing.ShouldBe(counter);
        (await redis.TakeAsync("r4", [counter], Begin + life + 3)).Refusing.ShouldBeNull();
    }

    [Fact]
    public async Task Place_that_is_kept_outlives_its_life()
    {
        var (redis, _) = await store.GatewayAsync();
        var counter = RedisStore.Beside(RedisStore.Counter(1), 1, "concurrency");
        var held = await redis.TakeAsync("r0", [counter], Begin);

        // By the time of Redis itself, which is long after.
        await redis.HoldAsync("r0", held.Hold!);

        (await redis.TakeAsync("r1", [counter], Begin + 60_000)).Refusing.ShouldBe(counter);
    }

    [Fact]
    public async Task Three_gateways_at_once_let_in_exactly_the_limit()
    {
        var counter = RedisStore.Counter(100, seconds: 3_600);
        var gateways = new[] { await store.GatewayAsync(), await store.GatewayAsync(), await store.GatewayAsync() };

        var takings = await Task.WhenAll(Enumerable.Range(0, 240).Select(i => gateways[i % 3].Redis.TakeAsync($"r{i}", [counter])));

        takings.Count(taking => taking.Refusing is null).ShouldBe(100);
    }

    [Fact]
    public async Task What_was_let_in_without_redis_is_told_to_it_once()
    {
        var (redis, local) = await store.GatewayAsync();
        var (other, _) = await store.GatewayAsync();
        var counter = RedisStore.Counter(5, seconds: 3_600);
        for (var i = 0; i < 3; i++)
            local.Take([counter]).Refusing.ShouldBeNull();

        foreach (var untold in local.Untold())
            await redis.TakeAsync("", [untold]);

        local.Untold().ShouldBeEmpty();
        (await other.TakeAsync("r0", [counter])).Left.ShouldBe([1L]);
        (await redis.TakeAsync("r1", [counter])).Left.ShouldBe([0L]);
        (await redis.TakeAsync("r2", [counter])).Refusing.ShouldBe(counter);
    }

    [Theory]
    [InlineData("SET", "text")]
    [InlineData("HSET", "total", "zz", "oldest", "q", "newest", "inf")]
    [InlineData("HSET", "total", "1e400", "oldest", "-inf", "newest", "1")]
    [InlineData("HSET", "version", "9")]
    public async Task Counter_that_cannot_be_read_begins_anew(string command, params string[] arguments)
    {
        var (redis, _) = await store.GatewayAsync();
        var counter = RedisStore.Counter(10);
        await store.Database().ExecuteAsync(command, [counter.Key, .. arguments]);

        var taking = await redis.TakeAsync("r0", [counter]);

        taking.Left.ShouldBe([9L]);
    }

    [Fact]
    public async Task Gateways_know_how_many_they_are_and_which_each_of_them_is()
    {
        var (redis, _) = await store.GatewayAsync(database: 1);
        string[] names = ["a", "b", "c"];
        foreach (var name in names)
            await redis.BeatAsync(name);

        var beats = await Task.WhenAll(names.Select(redis.BeatAsync));
        await redis.LeaveAsync("a");

        beats.ShouldBe([(3L, 0L), (3L, 1L), (3L, 2L)]);
        (await redis.BeatAsync("b")).ShouldBe((2L, 0L));
    }
}
