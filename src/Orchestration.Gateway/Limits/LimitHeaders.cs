using System.Globalization;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Limits;

/// <summary>The limits that come closest, in the headers of the client's protocol: one of requests, one of tokens.</summary>
internal static class LimitHeaders
{
    public static void Set(HttpContext context, IReadOnlyList<LimitLevel> levels, TimeProvider timeProvider)
    {
        if (context.Request.IsAnthropic())
            SetAnthropic(context.Response.Headers, levels, timeProvider);
        else
            Set(context.Response.Headers, levels);
    }

    /// <summary>As OpenAI names them; over gRPC they are the metadata before the answer.</summary>
    public static void Set(IHeaderDictionary headers, IReadOnlyList<LimitLevel> levels)
    {
        foreach (var closest in Closest(levels))
        {
            var kind = closest.Counter.Kind;
            headers[$"x-ratelimit-limit-{kind}"] = Text(closest.Counter.Amount);
            headers[$"x-ratelimit-remaining-{kind}"] = Text(closest.Left);
            headers[$"x-ratelimit-reset-{kind}"] = Format(closest.ResetMilliseconds);
        }
    }

    /// <summary>A time to wait as OpenAI writes it: "250ms", "7s", "1h2m0s".</summary>
    public static string Format(long milliseconds)
    {
        if (milliseconds < 1_000)
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        var seconds = (milliseconds + 999) / 1_000;
        var (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        var text = hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m") : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{text}{seconds % 60}s");
    }

    private static void SetAnthropic(IHeaderDictionary headers, IReadOnlyList<LimitLevel> levels, TimeProvider timeProvider)
    {
        foreach (var closest in Closest(levels))
        {
            var kind = closest.Counter.Kind;
            headers[$"anthropic-ratelimit-{kind}-limit"] = Text(closest.Counter.Amount);
            headers[$"anthropic-ratelimit-{kind}-remaining"] = Text(closest.Left);
            var reset = timeProvider.GetUtcNow().AddMilliseconds(closest.ResetMilliseconds);
            headers[$"anthropic-ratelimit-{kind}-reset"] = reset.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
    }

    private static IEnumerable<LimitLevel> Closest(IReadOnlyList<LimitLevel> levels) => levels
        .Where(level => level.Counter.Kind is LimitKinds.Requests or LimitKinds.Tokens)
        .GroupBy(level => level.Counter.Kind)
        .Select(levelsOfKind => levelsOfKind.OrderBy(level => level.Left).ThenByDescending(level => level.ResetMilliseconds).First());

    private static string Text(long amount) => amount.ToString(CultureInfo.InvariantCulture);
}
