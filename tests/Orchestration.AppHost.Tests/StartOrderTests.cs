using Orchestration.AppHost.Local.Running;

namespace Orchestration.AppHost.Tests;

public sealed class StartOrderTests
{
    [Fact]
    public async Task A_dependent_starts_after_its_dependencies_are_healthy_and_its_runs_are_done()
    {
        using var system = new ProbeSystem();
        var slow = system.AddProbe("slow").WithEnvironment("Probe__UnhealthyAnswers", "3");
        system.AddProbe("service")
            .WaitFor(slow).WaitForCompletion(system.AddRun("migrations", exitCode: 0));

        await system.StartAsync();

        var journal = system.Journal.ToList();
        var started = journal.IndexOf("service started");
        journal.IndexOf("migrations started").ShouldBeInRange(0, started);
        journal.IndexOf("slow healthy").ShouldBeInRange(0, started);
        journal.Take(started).Count(line => line == "slow unhealthy").ShouldBe(3);
    }

    [Fact]
    public async Task A_failed_run_keeps_its_service_from_starting_and_ends_the_host()
    {
        using var system = new ProbeSystem();
        system.AddProbe("service").WaitForCompletion(system.AddRun("migrations", exitCode: 3));

        (await system.RunAsync()).ShouldBe(1);

        system.Journal.ShouldNotContain("service started");
        system.Output.ShouldContain("migrations: Exited with exit code 3");
        system.Output.ShouldContain("service: FailedToStart migrations ended with 3 instead of 0.");
    }

    [Fact]
    public async Task A_service_that_ends_before_it_is_healthy_fails_the_start()
    {
        using var system = new ProbeSystem();
        var broken = system.AddRun("broken", exitCode: 0);
        system.AddProbe("dependent").WaitFor(broken);
        broken.Resource.HealthChecks.Add(new HttpHealthCheck("/", 200, "http"));

        (await system.RunAsync()).ShouldBe(1);

        system.Journal.ShouldNotContain("dependent started");
    }

    [Fact]
    public async Task A_circle_of_waits_is_refused()
    {
        using var system = new ProbeSystem();
        var first = system.AddProbe("first");
        var second = system.AddProbe("second").WaitFor(first);
        first.WaitFor(second);

        (await system.RunAsync()).ShouldBe(1);

        system.Output.ShouldContain("wait for each other");
        system.Journal.ShouldBeEmpty();
    }

    [Fact]
    public void Health_is_asked_for_less_and_less_often_after_failures()
    {
        Enumerable.Range(1, 6).Select(failures => HealthPoll.AfterFailures(failures).TotalSeconds).ShouldBe([1, 2, 3, 4, 5, 5]);
        HealthPoll.WhileHealthy.ShouldBe(TimeSpan.FromSeconds(30));
        Enumerable.Range(0, 12).ShouldAllBe(failures => HealthPoll.WhileStarting(failures) <= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_crash_is_reported_and_the_rest_runs_on()
    {
        using var system = new ProbeSystem();
        system.AddProbe("victim");
        system.AddProbe("other");
        await system.StartAsync();

        Local.Processes.UnixSignals.Send(system.Seen("victim").Single().GetProperty("process").GetInt32(), Local.Processes.UnixSignals.Kill);
        while (!system.Output.Contains("victim: Exited with exit code 137", StringComparison.Ordinal))
            await Task.Delay(20, TestContext.Current.CancellationToken);

        system.RunAsync().IsCompleted.ShouldBeFalse();
        (await system.StopAsync()).ShouldBe(0);
    }
}
