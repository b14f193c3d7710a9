using Microsoft.Extensions.Options;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway.Tests;

public sealed class OptionsTests
{
    private static readonly GatewayOptionsValidator Gateway = new();
    private static readonly KeyOptionsValidator Keys = new();

    [Fact]
    public void Shipped_values_are_valid() => Gateway.Validate(null, new GatewayOptions()).ShouldBe(ValidateOptionsResult.Success);

    [Fact]
    public void Pepper_has_no_default_and_must_be_long()
    {
        Keys.Validate(null, new KeyOptions()).Failed.ShouldBeTrue();
        Keys.Validate(null, new KeyOptions { Pepper = new string('p', 31) }).Failed.ShouldBeTrue();
        Keys.Validate(null, new KeyOptions { Pepper = new string('p', 32) }).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void Bounds_of_the_edge_are_enforced()
    {
        Gateway.Validate(null, new GatewayOptions { DataDirectory = "" }).Failed.ShouldBeTrue();
        Gateway.Validate(null, new GatewayOptions { MaxRequestBodyBytes = 10 }).Failed.ShouldBeTrue();
        Gateway.Validate(null, new GatewayOptions { MaxUnreadBytes = 10 }).Failed.ShouldBeTrue();
        Gateway.Validate(null, new GatewayOptions { HeartbeatAfter = TimeSpan.FromMinutes(2) }).Failed.ShouldBeTrue();
        Gateway.Validate(null, new GatewayOptions { ClassifyTimeout = TimeSpan.Zero }).Failed.ShouldBeTrue();
        Gateway.Validate(null, new GatewayOptions { IngestionTokenLifetime = TimeSpan.FromDays(31) }).Failed.ShouldBeTrue();
    }

    [Fact]
    public void Bounds_of_the_key_cache_are_enforced()
    {
        Keys.Validate(null, Valid(o => o.CacheFor = TimeSpan.FromMinutes(11))).Failed.ShouldBeTrue();
        Keys.Validate(null, Valid(o => o.ServeStaleFor = TimeSpan.FromDays(2))).Failed.ShouldBeTrue();
        Keys.Validate(null, Valid(o => o.MaxCached = 1)).Failed.ShouldBeTrue();
        Keys.Validate(null, Valid(o => o.ChangesEvery = TimeSpan.FromSeconds(11))).Failed.ShouldBeTrue();
        Keys.Validate(null, Valid(o => o.Environment = "not_a_name")).Failed.ShouldBeTrue();
        Keys.Validate(null, Valid(o => o.FailedAttemptsPerMinute = 0)).Failed.ShouldBeTrue();
    }

    [Fact]
    public void Bounds_of_idempotency_keys_are_enforced()
    {
        var idempotency = new IdempotencyOptionsValidator();
        idempotency.Validate(null, new IdempotencyOptions()).ShouldBe(ValidateOptionsResult.Success);
        idempotency.Validate(null, new IdempotencyOptions { KeptFor = TimeSpan.FromSeconds(1) }).Failed.ShouldBeTrue();
        idempotency.Validate(null, new IdempotencyOptions { Lease = TimeSpan.FromSeconds(1) }).Failed.ShouldBeTrue();
        idempotency.Validate(null, new IdempotencyOptions { MaxAnswerBytes = 10 }).Failed.ShouldBeTrue();
        idempotency.Validate(null, new IdempotencyOptions { ClaimTimeout = TimeSpan.Zero }).Failed.ShouldBeTrue();
        idempotency.Validate(null, new IdempotencyOptions { StoreWait = TimeSpan.FromMinutes(1) }).Failed.ShouldBeTrue();
        idempotency.Validate(null, new IdempotencyOptions { RedisTimeout = TimeSpan.FromMinutes(1) }).Failed.ShouldBeTrue();
        idempotency.Validate(null, new IdempotencyOptions { SweepEvery = TimeSpan.Zero }).Failed.ShouldBeTrue();
    }

    [Fact]
    public void Bounds_of_the_answer_cache_are_enforced()
    {
        var cache = new CacheOptionsValidator();
        cache.Validate(null, new CacheOptions()).ShouldBe(ValidateOptionsResult.Success);
        cache.Validate(null, new CacheOptions { CallTimeout = TimeSpan.FromMinutes(1) }).Failed.ShouldBeTrue();
        cache.Validate(null, new CacheOptions { FailuresBeforePause = 0 }).Failed.ShouldBeTrue();
        cache.Validate(null, new CacheOptions { Pause = TimeSpan.Zero }).Failed.ShouldBeTrue();
        cache.Validate(null, new CacheOptions { FlightWait = TimeSpan.FromHours(1) }).Failed.ShouldBeTrue();
        cache.Validate(null, new CacheOptions { MaxEntryBytes = 10 }).Failed.ShouldBeTrue();
    }

    private static KeyOptions Valid(Action<KeyOptions> change)
    {
        var options = new KeyOptions { Pepper = new string('p', 32) };
        change(options);
        return options;
    }
}
