using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class EventPipeTests
{
    private readonly EventPipe _pipe = new(4096);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Writer_waits_once_the_reader_is_a_buffer_behind()
    {
        var written = Fill();

        written.ShouldBeInRange(2, 20);
    }

    [Fact]
    public async Task Writer_goes_on_when_half_of_the_buffer_was_read()
    {
        while (true)
        {
            var write = WriteAsync();
            if (write.IsCompleted) continue;
            while (_pipe.TryRead(out _))
            {
                // Reads everything.
            }

            await write;
            return;
        }
    }

    [Fact]
    public async Task Writer_is_released_when_nobody_reads_any_more()
    {
        var waiting = Task.CompletedTask;
        while (waiting.IsCompleted) waiting = WriteAsync();

        _pipe.Abandon();

        await waiting.WaitAsync(Cancellation);
        for (var i = 0; i < 1000; i++) WriteAsync().IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void After_the_reader_left_only_facts_are_kept()
    {
        _pipe.Abandon();
        WriteAsync().IsCompleted.ShouldBeTrue();
        _pipe.Write(new ChatEvent { Summary = new Summary() });

        _pipe.TryRead(out var only).ShouldBeTrue();
        only.Summary.ShouldNotBeNull();
        _pipe.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public void Facts_are_written_also_when_the_buffer_is_full()
    {
        Fill();

        Should.NotThrow(() => _pipe.Write(new ChatEvent { Summary = new Summary() }));
    }

    private int Fill()
    {
        for (var written = 1; ; written++)
            if (!WriteAsync().IsCompleted)
                return written;
    }

    private Task WriteAsync() => _pipe.WriteAsync(Text(), Cancellation).AsTask();

    private static ChatEvent Text() => new() { PartDelta = new PartDelta { Text = new string('x', 200) } };
}
