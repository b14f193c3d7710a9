using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Providers.Execution;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.Providers.Tests.Execution;

public sealed class ExecutionRegistryTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    private readonly FakeTimeProvider _time = new();
    private readonly ExecutionRegistry _registry;

    public ExecutionRegistryTests() =>
        _registry = new ExecutionRegistry(Options.Create(new ShutdownOptions { Grace = Grace }), _time, NullLogger<ExecutionRegistry>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stopping_waits_for_the_call_that_tells_of_work_that_has_ended()
    {
        var ended = new TaskCompletionSource();
        var call = _registry.Telling();
        _registry.TryRun(() => ended.Task).ShouldBeTrue();

        var stopping = _registry.StoppingAsync(Cancellation);
        ended.SetResult();
        while (_registry.Count > 0) await Task.Yield();

        stopping.IsCompleted.ShouldBeFalse();
        _registry.ShuttingDown.IsCancellationRequested.ShouldBeFalse();
        call.Dispose();
        await stopping;
    }

    [Fact]
    public async Task Caller_that_does_not_read_holds_a_stopping_process_no_longer_than_its_grace()
    {
        using var call = _registry.Telling();
        var begun = _time.GetUtcNow();

        var stopping = _registry.StoppingAsync(Cancellation);
        while (!stopping.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(stopping, Task.Delay(1, Cancellation));
        }

        await stopping;
        (_time.GetUtcNow() - begun).ShouldBeGreaterThanOrEqualTo(Grace);
    }

    [Fact]
    public async Task Work_that_outlasts_its_share_of_the_grace_is_ended_and_its_call_waited_for()
    {
        var call = _registry.Telling();
        _registry.TryRun(() => Task.Delay(Timeout.InfiniteTimeSpan, _registry.ShuttingDown)).ShouldBeTrue();

        var stopping = _registry.StoppingAsync(Cancellation);
        while (_registry.Count > 0)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(1, Cancellation);
        }

        _registry.ShuttingDown.IsCancellationRequested.ShouldBeTrue();
        call.Dispose();
        await stopping;
    }

    [Fact]
    public async Task Process_with_nothing_to_do_stops_at_once_and_takes_no_more()
    {
        _registry.Telling().Dispose();

        await _registry.StoppingAsync(Cancellation);

        _registry.TryRun(() => Task.CompletedTask).ShouldBeFalse();
    }

    public void Dispose() => _registry.Dispose();
}
