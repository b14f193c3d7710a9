namespace Orchestration.Routing.Tests;

public sealed class RoutingOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => new RoutingOptionsValidator().Validate(null, new RoutingOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void Bounds_are_enforced()
    {
        new RoutingOptionsValidator().Validate(null, new RoutingOptions { PollInterval = TimeSpan.Zero }).Failed.ShouldBeTrue();
        new RoutingOptionsValidator().Validate(null, new RoutingOptions { VendorWait = TimeSpan.FromHours(1) }).Failed.ShouldBeTrue();
    }
}
