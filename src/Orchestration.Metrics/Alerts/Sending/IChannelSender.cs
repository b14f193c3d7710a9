using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>How messages go to one kind of channel.</summary>
internal interface IChannelSender
{
    public AlertChannelKind Kind { get; }

    /// <summary>How often the far side lets itself be called.</summary>
    public IReadOnlyList<SendLimit> Limits { get; }

    /// <param name="channel">The channel.</param>
    /// <param name="address">Its address; null for e-mail.</param>
    /// <param name="message">What to say.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public Task<ChannelAnswer> SendAsync(StoredChannel channel, ChannelAddress? address, AlertMessage message, CancellationToken cancellationToken);
}

/// <summary>So many messages within such a time, at most a minute.</summary>
internal sealed record SendLimit(int Count, TimeSpan Within)
{
    /// <summary>The first moment at which one more message stays within all limits; now when it does already.</summary>
    public static DateTimeOffset FirstFree(IReadOnlyList<SendLimit> limits, IReadOnlyList<DateTimeOffset> sends, DateTimeOffset now)
    {
        var free = now;
        foreach (var limit in limits)
        {
            var within = sends.Where(send => send > now - limit.Within).Order().ToList();
            if (within.Count < limit.Count)
                continue;

            var frees = within[within.Count - limit.Count] + limit.Within;
            free = frees > free ? frees : free;
        }

        return free;
    }
}
