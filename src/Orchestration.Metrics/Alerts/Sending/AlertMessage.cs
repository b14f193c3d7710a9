using Orchestration.Metrics.Alerts.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>One message to one channel: what happened to one or more alerts of a kind.</summary>
/// <param name="Id">Id of the message; another try has another.</param>
/// <param name="Kind">Kind of the alerts; "test" for a test message.</param>
/// <param name="Language">"en" or "zh".</param>
/// <param name="SentAt">When it is sent.</param>
/// <param name="Lines">What it tells.</param>
internal sealed record AlertMessage(Guid Id, string Kind, string Language, DateTimeOffset SentAt, IReadOnlyList<AlertLine> Lines)
{
    public const string Test = "test";

    public string Title => AlertTexts.Title(this);
}

/// <summary>What happened to one alert.</summary>
/// <param name="Event">"opened", "reminder" or "resolved".</param>
/// <param name="Alert">The alert.</param>
internal sealed record AlertLine(string Event, StoredAlert Alert);
