using Orchestration.ServiceDefaults.Egress;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class ExecutionOptionsTests
{
    private readonly ExecutionOptionsValidator _validator = new();

    public static TheoryData<string, string> Bounds => new()
    {
        { nameof(ExecutionOptions.MaxAttempts), "0" },
        { nameof(ExecutionOptions.ConnectTimeout), "00:02:00" },
        { nameof(ExecutionOptions.FirstTokenTimeout), "00:00:00" },
        { nameof(ExecutionOptions.IdleTimeout), "00:00:00" },
        { nameof(ExecutionOptions.MaxDuration), "03:00:00" },
        { nameof(ExecutionOptions.TotalDeadline), "03:00:00" },
        { nameof(ExecutionOptions.BufferedBytes), "100" },
        { nameof(ExecutionOptions.MaxBodyBytes), "100" },
    };

    [Fact]
    public void Defaults_are_valid()
    {
        _validator.Validate(null, new ExecutionOptions()).Succeeded.ShouldBeTrue();
        new EgressOptionsValidator().Validate(null, new EgressOptions()).Succeeded.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Each_bound_is_enforced(string name, string value)
    {
        var options = new ExecutionOptions();
        var property = typeof(ExecutionOptions).GetProperty(name)!;
        property.SetValue(options, property.PropertyType == typeof(int)
            ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
            : TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture));

        _validator.Validate(null, options).FailureMessage.ShouldNotBeNull().ShouldContain(name);
    }

    [Fact]
    public void Connections_live_for_a_minute_at_most()
    {
        var options = new EgressOptions { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };

        new EgressOptionsValidator().Validate(null, options).Failed.ShouldBeTrue();
    }
}
