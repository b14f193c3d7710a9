namespace Orchestration.AppHost.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task Dependents_end_before_what_they_depend_on()
    {
        using var system = new ProbeSystem();
        var store = system.AddProbe("store");
        var service = system.AddProbe("service").WaitFor(store);
        system.AddProbe("edge").WaitFor(service);
        await system.StartAsync();

        (await system.StopAsync()).ShouldBe(0);

        system.Journal.Where(line => line.EndsWith("terminated", StringComparison.Ordinal) || line.EndsWith("ended", StringComparison.Ordinal))
            .ShouldBe(["edge terminated", "edge ended", "service terminated", "service ended", "store terminated", "store ended"]);
        File.Exists(Path.Combine(system.Data, "endpoints.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_ignores_sigterm_is_killed_after_six_seconds_with_all_its_children()
    {
        using var system = new ProbeSystem();
        system.AddProbe("deaf").WithEnvironment("Probe__IgnoresTermination", "true").WithEnvironment("Probe__HasChild", "true");
        await system.StartAsync();
        Leftovers.Of(system.Folder).ShouldContain(line => line.Contains("sleep 3600", StringComparison.Ordinal));

        var began = TimeProvider.System.GetTimestamp();
        await system.StopAsync();

        TimeProvider.System.GetElapsedTime(began).ShouldBeInRange(TimeSpan.FromSeconds(5.9), TimeSpan.FromSeconds(9));
        system.Journal.ShouldContain("deaf terminated");
        system.Journal.ShouldNotContain("deaf ended");
        (await Leftovers.AfterAsync(TimeSpan.FromSeconds(3), system.Folder, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }
}
