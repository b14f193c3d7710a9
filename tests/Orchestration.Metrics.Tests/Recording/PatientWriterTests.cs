using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Tests.Recording;

public sealed class PatientWriterTests : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NpgsqlDataSource _nobody = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Pooling=false;Timeout=2");
    private readonly SteppedTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _nobody.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(8, 2)]
    public async Task Batch_is_held_while_the_database_is_away_and_given_back_so_long_after_its_delivery(int minutesWaitedForATurn, int minutesLeft)
    {
        var delivered = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMinutes(minutesWaitedForATurn));
        var begun = _time.GetUtcNow();

        var writing = Writer(TimeSpan.FromMinutes(10)).TryWriteAsync(LedgerStory.Begin().Events.Sequenced(), delivered, Cancellation);
        for (var pause = _time.Pauses.ReadAsync(Cancellation).AsTask(); await Task.WhenAny(writing, pause) == pause; pause = _time.Pauses.ReadAsync(Cancellation).AsTask())
            _time.Advance(await pause);

        (await writing).ShouldBeFalse();
        (_time.GetUtcNow() - begun).ShouldBeInRange(TimeSpan.FromMinutes(minutesLeft - 1), TimeSpan.FromMinutes(minutesLeft + 1));
    }

    [Fact]
    public async Task Waiting_ends_at_once_when_the_consumer_stops()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = Writer(TimeSpan.FromMinutes(10)).TryWriteAsync(LedgerStory.Begin().Events.Sequenced(), _time.GetTimestamp(), stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => writing);
    }

    private PatientWriter Writer(TimeSpan holdTime)
    {
        var telemetry = new MetricsTelemetry(_services.GetRequiredService<IMeterFactory>());
        return new PatientWriter(
            new LedgerWriter(_nobody, new BudgetBooking(NullLogger<BudgetBooking>.Instance), telemetry, NullLogger<LedgerWriter>.Instance),
            telemetry,
            _time,
            Options.Create(new RecordingOptions { HoldTime = holdTime }),
            NullLogger<PatientWriter>.Instance);
    }

    /// <summary>Tells when somebody waits, so that time passes only then, however long a try takes on a busy machine.</summary>
    private sealed class SteppedTime : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

        public ChannelReader<TimeSpan> Pauses => _pauses.Reader;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _pauses.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}
