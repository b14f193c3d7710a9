using Npgsql;
using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Tests;

/// <summary>The host as a process that ends in every way a process can.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Killing_the_host_leaves_nothing_not_even_what_ignores_sigterm()
    {
        await using var host = HostProcess.Start("--Probe:IgnoresTermination=true");
        await host.UntilHealthyAsync();
        Leftovers.Of(host.Folder).ShouldContain(line => line.Contains("sleep 3600", StringComparison.Ordinal));

        host.Signal(UnixSignals.Kill);

        (await Leftovers.AfterAsync(Patience, host.Folder, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Killing_the_host_leaves_no_store_either_and_the_next_start_finds_the_data()
    {
        await using var host = HostProcess.Start("--Probe:Stores=true");
        await host.UntilHealthyAsync();
        var running = Leftovers.Of(host.Folder);
        foreach (var program in new[] { "/postgres ", "redis-server", "beam.smp", "epmd" })
            running.ShouldContain(line => line.Contains(program, StringComparison.Ordinal));
        await ExecuteAsync(host, "CREATE TABLE kept (id int)");

        host.Signal(UnixSignals.Kill);
        (await Leftovers.AfterAsync(Patience, host.Folder, TestContext.Current.CancellationToken)).ShouldBeEmpty();

        host.Restart();
        await host.UntilHealthyAsync();
        await ExecuteAsync(host, "SELECT * FROM kept");
        host.Signal(UnixSignals.Terminate);
        (await host.EndedAsync()).ShouldBe(0);
        (await Leftovers.AfterAsync(Patience, host.Folder, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Killed_stores_and_services_are_started_again_on_their_data_where_that_is_wanted()
    {
        await using var host = HostProcess.Start("--Probe:Stores=true", "--Orchestration:RestartCrashed=true");
        await host.UntilHealthyAsync();
        await ExecuteAsync(host, "CREATE TABLE kept (id int)");

        var killed = new[] { "postgres", "redis", "messaging", "service" }.ToDictionary(part => part, host.ProcessIdOf);
        foreach (var process in killed.Values)
            UnixSignals.Send(process, UnixSignals.Kill);

        foreach (var part in new[] { "postgres", "redis", "messaging", "service" })
            await host.UntilAsync(() => host.Output.Contains($"{part}: Running again", StringComparison.Ordinal));
        foreach (var (part, process) in killed)
            host.ProcessIdOf(part).ShouldNotBe(process);
        await ExecuteAsync(host, "SELECT * FROM kept");
        host.Signal(UnixSignals.Terminate);
        (await host.EndedAsync()).ShouldBe(0);
        (await Leftovers.AfterAsync(Patience, host.Folder, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(UnixSignals.Interrupt)]
    [InlineData(UnixSignals.Terminate)]
    public async Task A_signal_ends_everything_in_order(int signal)
    {
        await using var host = HostProcess.Start();
        await host.UntilHealthyAsync();

        host.Signal(signal);

        (await host.EndedAsync()).ShouldBe(0);
        host.Output.ShouldContain("Everything is stopped.");
        (await Leftovers.AfterAsync(TimeSpan.FromSeconds(3), host.Folder, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("postgres: Starting")]
    [InlineData("messaging: Starting")]
    [InlineData("dependency: Running")]
    public async Task Ctrl_C_during_the_start_ends_what_has_begun(string moment)
    {
        await using var host = HostProcess.Start("--Probe:Stores=true");
        await host.UntilAsync(() => host.Output.Contains(moment, StringComparison.Ordinal));

        host.Signal(UnixSignals.Interrupt);

        (await host.EndedAsync()).ShouldBe(0);
        (await Leftovers.AfterAsync(TimeSpan.FromSeconds(3), host.Folder, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    private static async Task ExecuteAsync(HostProcess host, string sql)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString("postgres") + ";Database=orders;Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
