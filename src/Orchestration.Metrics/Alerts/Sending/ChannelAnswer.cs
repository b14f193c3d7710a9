namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>What a far side made of a message.</summary>
/// <param name="Accepted">True when it took it.</param>
/// <param name="Status">HTTP status or reply code of the mail server; 0 when none came.</param>
/// <param name="Text">What it answered, or why nothing could be sent. Never holds the channel's address or secret.</param>
/// <param name="RetryAfter">When it wants to be asked again; null when it did not say.</param>
internal sealed record ChannelAnswer(bool Accepted, int Status, string Text, TimeSpan? RetryAfter = null)
{
    private const int Longest = 500;

    public string Shown => new([.. Text.Take(Longest).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)]);
}
