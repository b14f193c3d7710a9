using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Pricing;
using Orchestration.Providers.Credentials;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Data;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Tests.Credentials.Pools;

public sealed class KeyPoolTests
{
    private const string Model = "m";
    private static readonly HashSet<string> NoneTried = [];
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(55));
    private readonly KeyChanges _changes = new();
    private readonly KeyPool _pool;

    public KeyPoolTests() => _pool = new KeyPool(new KeyPoolScope("moonshot", "cn", ["intl"]), new CredentialOptions(), _changes, _time);

    [Fact]
    public void Traffic_is_shared_by_weight_and_evenly_spread()
    {
        _pool.Replace([Key("a", weight: 300), Key("b", weight: 100)]);

        var order = Enumerable.Range(0, 400).Select(_ => Use(null)).ToList();

        order.Count(k => k == "a").ShouldBe(300);
        order.Chunk(4).ShouldAllBe(four => four.Count(k => k == "b") == 1);
    }

    [Fact]
    public void Configured_limit_bounds_what_a_key_has_under_way()
    {
        _pool.Replace([Key("a", limit: 2)]);
        var leases = new[] { Lease(), Lease() };

        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Resting>().Wait.ShouldBeLessThan(TimeSpan.FromSeconds(1));

        leases[0].Dispose();
        Lease().KeyId.ShouldBe("a");
    }

    [Fact]
    public void Lease_is_given_back_once_however_often_it_ends()
    {
        _pool.Replace([Key("a")]);
        var lease = Lease();

        lease.Ended(null);
        lease.Ended(Of(FailureClass.ProviderAuth));
        lease.Dispose();

        _pool.Views()[0].InFlight.ShouldBe(0);
    }

    [Fact]
    public void Too_many_requests_halve_the_limit_once_per_burst_and_success_raises_it_again()
    {
        _pool.Replace([Key("a")]);
        var burst = Enumerable.Range(0, 16).Select(_ => Lease()).ToList();
        foreach (var lease in burst) lease.Ended(Of(FailureClass.ProviderConcurrency));

        _pool.Views()[0].AdaptiveLimit.ShouldBe(8);
        _time.Advance(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 9; i++)
        {
            var round = Enumerable.Range(0, _pool.Views()[0].AdaptiveLimit).Select(_ => Lease()).ToList();
            foreach (var lease in round) lease.Ended(null);
        }

        _pool.Views()[0].AdaptiveLimit.ShouldBeInRange(10, 20);
    }

    [Fact]
    public void Adaptation_never_passes_the_configured_limit()
    {
        _pool.Replace([Key("a", limit: 4)]);
        var burst = Enumerable.Range(0, 4).Select(_ => Lease()).ToList();
        foreach (var lease in burst) lease.Ended(Of(FailureClass.ProviderOverloaded));
        _pool.Views()[0].AdaptiveLimit.ShouldBe(2);

        for (var i = 0; i < 100; i++) Use(null);
        for (var i = 0; i < 20; i++)
        {
            var round = Enumerable.Range(0, _pool.Views()[0].AdaptiveLimit).Select(_ => Lease()).ToList();
            foreach (var lease in round) lease.Ended(null);
        }

        _pool.Views()[0].AdaptiveLimit.ShouldBe(4);
    }

    [Fact]
    public void Limited_key_rests_for_that_model_as_long_as_its_vendor_says_and_the_other_key_goes_on()
    {
        _pool.Replace([Key("a"), Key("b")]);
        var limited = Use(Of(FailureClass.ProviderRateLimited, TimeSpan.FromSeconds(30)));

        Enumerable.Range(0, 5).Select(_ => Use(null)).ShouldAllBe(k => k != limited);
        Enumerable.Range(0, 4).Select(_ => Use(null, "other")).ShouldContain(limited);
        _pool.Views().Single(v => v.Facts.Id == limited).Rest!.Value.Model.ShouldBe(Model);
        _time.Advance(TimeSpan.FromSeconds(31));
        Enumerable.Range(0, 4).Select(_ => Use(null)).ShouldContain(limited);
    }

    [Fact]
    public void Rest_is_only_ever_extended()
    {
        _pool.Replace([Key("a")]);
        var (first, second) = (Lease(), Lease());
        first.Ended(Of(FailureClass.ProviderRateLimited, TimeSpan.FromSeconds(60)));
        second.Ended(Of(FailureClass.ProviderRateLimited, TimeSpan.FromSeconds(1)));

        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Resting>().Wait.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bad_key_is_disabled_after_three_refusals_in_a_row_and_the_reason_names_the_other_site()
    {
        _pool.Replace([Key("a")]);
        Use(Of(FailureClass.ProviderAuth));
        Use(Of(FailureClass.ProviderAuth));
        Use(null);
        for (var i = 0; i < 2; i++) Use(Of(FailureClass.ProviderAuth));
        _changes.Reader.TryRead(out _).ShouldBeFalse();
        Use(Of(FailureClass.ProviderAuth));

        var change = Change();
        change.Key.Status.ShouldBe(CredentialStatus.Refused);
        change.Key.Reason.ShouldBe("This key is refused by the cn endpoint; it may belong to the intl site.");
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>().Failure.FailureClass.ShouldBe(FailureClass.ProviderAuth);
        _time.Advance(TimeSpan.FromDays(30));
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>();
    }

    [Fact]
    public void Key_of_the_environment_is_tried_again_because_nobody_can_enable_it()
    {
        _pool.Replace([Key("a") with { Source = KeyFacts.Environment }]);
        for (var i = 0; i < 3; i++) Use(Of(FailureClass.ProviderAuth));
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>();

        _time.Advance(TimeSpan.FromMinutes(11));
        var probe = Lease();
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>();
        probe.Ended(null);

        _pool.Views()[0].Facts.Status.ShouldBe(CredentialStatus.Active);
    }

    [Fact]
    public void Empty_account_is_parked_for_ever_longer_and_one_request_finds_out_whether_it_works_again()
    {
        _pool.Replace([Key("a")]);
        Use(Of(FailureClass.ProviderBalance));
        Change().Key.RetryAt.ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(5));
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>().Failure.FailureClass.ShouldBe(FailureClass.ProviderBalance);

        _time.Advance(TimeSpan.FromMinutes(5));
        var probe = Lease();
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>();
        probe.Ended(Of(FailureClass.ProviderBalance));
        Change().Key.RetryAt.ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(10));

        _time.Advance(TimeSpan.FromMinutes(10));
        Use(null);
        Change().Key.Status.ShouldBe(CredentialStatus.Active);
    }

    [Fact]
    public void Success_of_an_attempt_that_began_before_says_nothing_about_a_key_that_was_parked_since()
    {
        _pool.Replace([Key("a")]);
        var (old, poor) = (Lease(), Lease());
        _time.Advance(TimeSpan.FromSeconds(1));
        poor.Ended(Of(FailureClass.ProviderBalance));
        Change().Key.Status.ShouldBe(CredentialStatus.Exhausted);
        _time.Advance(TimeSpan.FromSeconds(1));

        old.Ended(null);

        _changes.Reader.TryRead(out _).ShouldBeFalse();
        _pool.Views()[0].ShouldSatisfyAllConditions(v => v.Facts.Status.ShouldBe(CredentialStatus.Exhausted), v => v.InFlight.ShouldBe(0));
    }

    [Fact]
    public void Refusal_of_an_attempt_that_began_before_does_not_count_against_a_key_that_was_enabled_since()
    {
        _pool.Replace([Key("a")]);
        var old = Enumerable.Range(0, 3).Select(_ => Lease()).ToList();
        _time.Advance(TimeSpan.FromSeconds(1));
        _pool.Replace([Key("a")]);

        foreach (var lease in old) lease.Ended(Of(FailureClass.ProviderAuth));

        _pool.Views()[0].Facts.Status.ShouldBe(CredentialStatus.Active);
    }

    [Fact]
    public void Parked_key_is_tried_by_one_attempt_although_an_old_one_still_runs()
    {
        _pool.Replace([Key("a")]);
        var old = Lease();
        _time.Advance(TimeSpan.FromSeconds(1));
        Use(Of(FailureClass.ProviderBalance));
        _time.Advance(TimeSpan.FromMinutes(5));

        var trial = Lease();
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>();
        old.Ended(null);
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>();
        trial.Ended(Of(FailureClass.ProviderError));

        Lease().KeyId.ShouldBe("a");
    }

    [Fact]
    public void Row_that_was_written_for_another_reason_leaves_refusals_and_verdicts_as_they_are()
    {
        var row = Key("a");
        _pool.Replace([row]);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 2; i++) Use(Of(FailureClass.ProviderAuth));
        _pool.Replace([row with { Balance = new Money(1m, "CNY") }]);
        Use(Of(FailureClass.ProviderAuth));
        Change().Key.Status.ShouldBe(CredentialStatus.Refused);

        _pool.Replace([row with { Weight = 7 }]);

        _pool.Views()[0].Facts.ShouldSatisfyAllConditions(f => f.Status.ShouldBe(CredentialStatus.Refused), f => f.Weight.ShouldBe(7));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public void Operator_who_enables_a_stored_refusal_is_heard_whatever_his_clock_says(int seconds)
    {
        _pool.Replace([Key("a")]);
        _time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++) Use(Of(FailureClass.ProviderAuth));
        _pool.Replace([Change().Key]);

        _pool.Replace([Key("a") with { ChangedAt = _time.GetUtcNow().AddSeconds(seconds) }]);

        _pool.Views()[0].Facts.Status.ShouldBe(CredentialStatus.Active);
        for (var i = 0; i < 2; i++) Use(Of(FailureClass.ProviderAuth));
        _pool.Views()[0].Facts.Status.ShouldBe(CredentialStatus.Active);
    }

    [Fact]
    public void Operator_who_switches_a_key_off_overrules_what_was_found_out_here()
    {
        var row = Key("a");
        _pool.Replace([row]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Use(Of(FailureClass.ProviderBalance));

        _pool.Replace([row with { Status = CredentialStatus.Disabled, ChangedAt = _time.GetUtcNow().AddSeconds(-1) }]);

        _pool.Views()[0].Facts.Status.ShouldBe(CredentialStatus.Disabled);
    }

    [Fact]
    public void Parked_key_comes_back_with_its_balance()
    {
        _pool.Replace([Key("a")]);
        Use(Of(FailureClass.ProviderBalance));
        Change();

        _pool.TakeBalance("a", new Money(0m, "CNY"), usable: false, low: true);
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Unusable>();
        Change().StateChanged.ShouldBeFalse();
        _pool.TakeBalance("a", new Money(50m, "CNY"), usable: true, low: false);

        Change().Key.Status.ShouldBe(CredentialStatus.Active);
        Use(null).ShouldBe("a");
    }

    [Fact]
    public void Low_balance_is_told_once_and_so_is_its_end()
    {
        _pool.Replace([Key("a")]);
        foreach (var (amount, low) in ((decimal, bool)[])[(5, true), (4, true), (20, false), (30, false)])
            _pool.TakeBalance("a", new Money(amount, "CNY"), usable: true, low);

        Change().Key.BalanceLow.ShouldBeTrue();
        Change().Key.BalanceLow.ShouldBeFalse();
        _changes.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public void Model_that_a_key_may_not_use_is_left_to_the_other_keys()
    {
        _pool.Replace([Key("a"), Key("b")]);
        var refused = Use(Of(FailureClass.ProviderPermission));

        Enumerable.Range(0, 5).Select(_ => Use(null)).ShouldAllBe(k => k != refused);
        Enumerable.Range(0, 4).Select(_ => Use(null, "other")).ShouldContain(refused);
        _pool.Views().ShouldAllBe(v => v.Facts.Status == CredentialStatus.Active);
    }

    [Fact]
    public void Key_keeps_what_was_learned_while_its_secret_stays_and_starts_afresh_with_a_new_one()
    {
        _pool.Replace([Key("a")]);
        var running = Lease();
        Use(Of(FailureClass.ProviderRateLimited, TimeSpan.FromSeconds(60)));

        _pool.Replace([Key("a", weight: 7)]);
        _pool.Views()[0].InFlight.ShouldBe(1);
        _pool.Acquire(Model, NoneTried).ShouldBeOfType<KeyAcquisition.Resting>();

        _pool.Replace([Key("a") with { Secret = new Secret("another-secret-of-a") }]);
        Lease().Secret.Reveal().ShouldBe("another-secret-of-a");
        running.Secret.Reveal().ShouldBe("secret-of-a");
        running.Ended(Of(FailureClass.ProviderAuth));
        _pool.Views()[0].InFlight.ShouldBe(1);
    }

    [Fact]
    public void Tried_keys_are_not_leased_again()
    {
        _pool.Replace([Key("a"), Key("b")]);

        Enumerable.Range(0, 4).Select(_ => Lease(new HashSet<string> { "a" }).KeyId).ShouldAllBe(k => k == "b");
        _pool.HasReady(Model, new HashSet<string> { "a", "b" }).ShouldBeFalse();
    }

    [Fact]
    public void Many_threads_leave_no_place_taken()
    {
        _pool.Replace([Key("a", limit: 3), Key("b", limit: 5)]);
        var most = 0;

        Parallel.For(0, 20_000, i =>
        {
            if (_pool.Acquire(Model, NoneTried) is not KeyAcquisition.Granted granted) return;
            InterlockedMax(ref most, _pool.Views().Sum(v => v.InFlight));
            granted.Lease.Ended(i % 7 == 0 ? Of(FailureClass.ProviderError) : null);
        });

        most.ShouldBeInRange(1, 8);
        _pool.Views().ShouldAllBe(v => v.InFlight == 0);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
    }

    private string Use(Failure? failure, string model = Model)
    {
        var lease = _pool.Acquire(model, NoneTried).ShouldBeOfType<KeyAcquisition.Granted>().Lease;
        lease.Ended(failure);
        return lease.KeyId;
    }

    private KeyLease Lease(IReadOnlySet<string>? tried = null) => _pool.Acquire(Model, tried ?? NoneTried).ShouldBeOfType<KeyAcquisition.Granted>().Lease;

    private KeyChange Change()
    {
        _changes.Reader.TryRead(out var change).ShouldBeTrue();
        return change!;
    }

    private KeyFacts Key(string id, int weight = 100, int limit = 0) => new()
    {
        Id = id,
        Provider = "moonshot",
        Region = "cn",
        Source = KeyFacts.Stored,
        Secret = new Secret($"secret-of-{id}"),
        Weight = weight,
        ConcurrencyLimit = limit,
        ChangedAt = _time.GetUtcNow(),
    };

    private static Failure Of(FailureClass failureClass, TimeSpan? retryAfter = null) => new()
    {
        FailureClass = failureClass,
        Code = "c",
        RetryAfter = retryAfter is { } after ? Duration.FromTimeSpan(after) : null,
    };
}
