using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Alerts.Sending;
using Orchestration.Metrics.Data;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Metrics.Alerts.Steering;

/// <summary>What operators do with channels.</summary>
internal sealed class AlertChannels(
    IDbContextFactory<MetricsDbContext> contexts, ChannelChecks checks, SecretEnvelope envelope, ChannelSenders senders, TimeProvider timeProvider)
{
    public static bool IsKind(AlertChannelKind kind) => kind != AlertChannelKind.Unspecified && Enum.IsDefined(kind);

    public async Task<IReadOnlyList<AlertChannel>> ListAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var channels = await context.AlertChannels.AsNoTracking()
            .Where(channel => tenantId.Length == 0 || channel.TenantId == tenantId)
            .OrderBy(channel => channel.Name)
            .ToListAsync(cancellationToken);
        var waiting = await context.AlertNotices.Where(notice => notice.SentAt == null)
            .GroupBy(notice => notice.ChannelId)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken);
        return [.. channels.Select(channel => channel.ToWire(waiting.GetValueOrDefault(channel.Id)))];
    }

    public async Task<ChannelOutcome> CreateAsync(CreateAlertChannelRequest request, CancellationToken cancellationToken)
    {
        if (checks.Problem(request) is { } problem)
            return problem;

        var now = timeProvider.GetUtcNow();
        var channel = new StoredChannel
        {
            Id = Guid.CreateVersion7(now),
            Name = request.Name,
            Kind = request.Kind,
            TenantId = request.TenantId,
            AlertKinds = [.. request.AlertKinds.Distinct()],
            MinimumSeverity = request.MinimumSeverity == AlertSeverity.Unspecified ? AlertSeverity.Info : request.MinimumSeverity,
            Language = request.Language.Length > 0 ? request.Language : LanguageOf(request.Kind),
            Host = "",
            Recipients = [.. request.Recipients],
            HasSecret = false,
            CreatedAt = now,
        };
        if (channel.Kind != AlertChannelKind.Email && !Seal(channel, new ChannelAddress(request.Url, request.Secret)))
            return new ChannelOutcome.NoMasterKey();

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Add(channel);
        return await SaveAsync(context, channel, cancellationToken);
    }

    public async Task<ChannelOutcome> UpdateAsync(UpdateAlertChannelRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, request.Id, cancellationToken) is not { } channel)
            return new ChannelOutcome.Unknown();
        if (checks.Problem(request, channel.Kind) is { } problem)
            return problem;
        if ((request.HasUrl || request.HasSecret) && Readdress(channel, request) is { } refused)
            return refused;

        Change(channel, request);
        return await SaveAsync(context, channel, cancellationToken);
    }

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return Guid.TryParseExact(id, "D", out var channelId)
            && await context.AlertChannels.Where(channel => channel.Id == channelId).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <summary>Sends a test message now, a channel that is switched off included; null when there is no such channel.</summary>
    public async Task<TestAlertChannelResponse?> TestAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, id, cancellationToken) is not { } channel)
            return null;

        var now = timeProvider.GetUtcNow();
        var free = SendLimit.FirstFree(senders.LimitsOf(channel.Kind), channel.RecentSends, now);
        if (free > now)
            return new TestAlertChannelResponse { Answer = FormattableString.Invariant($"The far side's limit is reached; try again in {(free - now).TotalSeconds:0} s.") };

        // Counted before, so that tests cannot use up what alerts need.
        channel.RecentSends = [.. channel.RecentSends.Where(send => send > now - TimeSpan.FromMinutes(1)), now];
        await context.SaveChangesAsync(cancellationToken);
        var started = timeProvider.GetTimestamp();
        var message = new AlertMessage(Guid.CreateVersion7(now), AlertMessage.Test, channel.Language, now, []);
        var answer = await senders.SendAsync(channel, message, cancellationToken);
        return new TestAlertChannelResponse
        {
            Accepted = answer.Accepted,
            Status = answer.Status,
            Answer = answer.Shown,
            DurationMs = timeProvider.GetElapsedTime(started).TotalMilliseconds,
        };
    }

    private ChannelOutcome.NoMasterKey? Readdress(StoredChannel channel, UpdateAlertChannelRequest request)
    {
        var known = ChannelAddress.Open(channel, envelope);
        // Half of what is needed cannot be taken from a row that nobody can read.
        if (known is null && !(request.HasUrl && request.HasSecret))
            return new ChannelOutcome.NoMasterKey();

        var address = new ChannelAddress(request.HasUrl ? request.Url : known!.Url, request.HasSecret ? request.Secret : known!.SigningSecret);
        return Seal(channel, address) ? null : new ChannelOutcome.NoMasterKey();
    }

    private static void Change(StoredChannel channel, UpdateAlertChannelRequest request)
    {
        if (request.HasName)
            channel.Name = request.Name;
        if (request.HasEnabled)
            channel.Enabled = request.Enabled;
        if (request.Recipients.Count > 0)
            channel.Recipients = [.. request.Recipients];
        if (request.AlertKinds.Count > 0)
            channel.AlertKinds = request.AlertKinds is [ChannelChecks.AllKinds] ? [] : [.. request.AlertKinds.Distinct()];
        if (request.MinimumSeverity != AlertSeverity.Unspecified)
            channel.MinimumSeverity = request.MinimumSeverity;
        if (request.HasLanguage)
            channel.Language = request.Language;
        // Whoever changed it wants to see at once whether it works now.
        channel.NextTryAt = null;
    }

    private bool Seal(StoredChannel channel, ChannelAddress address)
    {
        if (address.Seal(channel, envelope) is not { } stored)
            return false;

        channel.Take(stored);
        channel.Host = new Uri(address.Url).Host;
        channel.HasSecret = address.SigningSecret.Length > 0;
        return true;
    }

    private static async Task<ChannelOutcome> SaveAsync(MetricsDbContext context, StoredChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new ChannelOutcome.Unknown();
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new ChannelOutcome.NameTaken();
        }

        var waiting = await context.AlertNotices.CountAsync(notice => notice.ChannelId == channel.Id && notice.SentAt == null, cancellationToken);
        return new ChannelOutcome.Done(channel.ToWire(waiting));
    }

    private static async Task<StoredChannel?> FindAsync(MetricsDbContext context, string id, CancellationToken cancellationToken) =>
        Guid.TryParseExact(id, "D", out var channelId) ? await context.AlertChannels.SingleOrDefaultAsync(channel => channel.Id == channelId, cancellationToken) : null;

    private static string LanguageOf(AlertChannelKind kind) =>
        kind is AlertChannelKind.Feishu or AlertChannelKind.Dingtalk or AlertChannelKind.Wecom ? AlertTexts.Chinese : AlertTexts.English;
}
