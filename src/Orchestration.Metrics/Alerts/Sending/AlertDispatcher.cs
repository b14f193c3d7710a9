using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>
/// Sends what is due. A replica claims a channel row before it sends, so no two send the same; a claim of a replica that died
/// ends by itself. Everything that waits for a channel and is of one kind goes out as one message.
/// </summary>
internal sealed partial class AlertDispatcher(
    NpgsqlDataSource dataSource,
    IDbContextFactory<MetricsDbContext> contexts,
    ChannelSenders senders,
    IOptions<AlertOptions> options,
    TimeProvider timeProvider,
    ILogger<AlertDispatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private const string ClaimNext = """
        UPDATE alert_channels SET claimed_until = $2
        WHERE id = (
            SELECT channel.id FROM alert_channels channel
            WHERE channel.enabled
              AND (channel.claimed_until IS NULL OR channel.claimed_until <= $1)
              AND (channel.next_try_at IS NULL OR channel.next_try_at <= $1)
              AND EXISTS (
                SELECT FROM alert_notices notice JOIN alerts alert ON alert.id = notice.alert_id
                WHERE notice.channel_id = channel.id AND notice.sent_at IS NULL AND notice.due_at <= $1
                  AND (alert.silenced_until IS NULL OR alert.silenced_until <= $1))
            ORDER BY channel.next_try_at NULLS FIRST, channel.id
            LIMIT 1
            FOR UPDATE SKIP LOCKED)
        RETURNING id
        """;

    /// <summary>Sends until nothing is due that could be sent now. Returns the number of messages that were taken.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var taken = 0;
        while (await ClaimAsync(cancellationToken) is { } channel)
            taken += await ServeAsync(channel, cancellationToken) ? 1 : 0;
        return taken;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.Active && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.DispatchInterval, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Guid?> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        await using var command = dataSource.CreateCommand(ClaimNext);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now + Claim).UtcDateTime });
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    private async Task<bool> ServeAsync(Guid channelId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.AlertChannels.SingleOrDefaultAsync(channel => channel.Id == channelId, cancellationToken) is not { } channel)
            return false;

        var now = timeProvider.GetUtcNow();
        var free = SendLimit.FirstFree(senders.LimitsOf(channel.Kind), channel.RecentSends, now);
        var notices = free > now ? [] : await WaitingAsync(context, channelId, now, cancellationToken);
        if (notices.Count == 0)
        {
            (channel.ClaimedUntil, channel.NextTryAt) = (null, free > now ? free : channel.NextTryAt);
            await context.SaveChangesAsync(cancellationToken);
            return false;
        }

        var answer = await senders.SendAsync(channel, MessageOf(channel, notices, now), cancellationToken);
        Take(channel, answer, now);
        if (answer.Accepted)
            notices.ForEach(notice => notice.SentAt = now);
        else
            Log.Refused(logger, channel.Name, channel.Kind, answer.Status, channel.Failures);
        await SaveAsync(context, cancellationToken);
        return answer.Accepted;
    }

    /// <summary>All that waits of the kind that is due first, what is not due yet included.</summary>
    private static async Task<List<AlertNotice>> WaitingAsync(MetricsDbContext context, Guid channelId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waiting = await context.AlertNotices.Include(notice => notice.Alert)
            .Where(notice => notice.ChannelId == channelId && notice.SentAt == null)
            .Where(notice => notice.Alert!.SilencedUntil == null || notice.Alert.SilencedUntil <= now)
            .OrderBy(notice => notice.DueAt).ThenBy(notice => notice.Id)
            .ToListAsync(cancellationToken);
        return waiting is [var first, ..] && first.DueAt <= now ? waiting.FindAll(notice => notice.Alert!.Kind == first.Alert!.Kind) : [];
    }

    private static AlertMessage MessageOf(StoredChannel channel, List<AlertNotice> notices, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), notices[0].Alert!.Kind, channel.Language, now, [.. notices.Select(notice => new AlertLine(notice.Event, notice.Alert!))]);

    private static void Take(StoredChannel channel, ChannelAnswer answer, DateTimeOffset now)
    {
        channel.ClaimedUntil = null;
        channel.RecentSends = [.. channel.RecentSends.Where(send => send > now - TimeSpan.FromMinutes(1)), now];
        if (answer.Accepted)
        {
            (channel.LastSentAt, channel.LastError, channel.Failures, channel.NextTryAt) = (now, "", 0, null);
            return;
        }

        channel.Failures++;
        channel.LastError = answer.Shown;
        var pause = FirstPause * Math.Pow(2, Math.Min(channel.Failures - 1, 20));
        pause = pause < LongestPause ? pause : LongestPause;
        channel.NextTryAt = now + (answer.RetryAfter is { } asked && asked > pause ? (asked < LongestPause ? asked : LongestPause) : pause);
    }

    // An alert may have been resolved, or a channel removed, while its message was under way: that word stands.
    private static async Task SaveAsync(MetricsDbContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await context.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateConcurrencyException exception)
            {
                foreach (var entry in exception.Entries)
                    entry.State = EntityState.Detached;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Alerts could not be sent; the next look follows")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel} ({Kind}) did not take a message: status {Status}, {Failures} in a row")]
        public static partial void Refused(ILogger logger, string channel, Contracts.Metrics.V1.AlertChannelKind kind, int status, int failures);
    }
}
