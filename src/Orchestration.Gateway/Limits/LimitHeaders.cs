using System.Globalization;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Limits;

/// <summary>The limits that come closest, in the headers of the client's protocol: one of requests, one of tokens.</summary>
internal static class LimitHeaders
{
    public static void Set(HttpContext context, IReadOnlyList<LimitLevel> levels, TimeProvider timeProvider)
    {
        if (levels.Count == 0)
            return;
        Set(context, levels, LimitKinds.Requests, timeProvider);
        Set(context, levels, LimitKinds.Tokens, timeProvider);
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

    private static void Set(HttpContext context, IReadOnlyList<LimitLevel> levels, string kind, TimeProvider timeProvider)
    {
        var closest = levels.Where(level => level.Counter.Kind == kind).OrderBy(level => level.Left).ThenByDescending(level => level.ResetMilliseconds).FirstOrDefault();
        if (closest is null)
            return;
        var headers = context.Response.Headers;
        var (limit, left) = (closest.Counter.Amount.ToString(CultureInfo.InvariantCulture), closest.Left.ToString(CultureInfo.InvariantCulture));
        if (context.Request.IsAnthropic())
        {
            headers[$"anthropic-ratelimit-{kind}-limit"] = limit;
            headers[$"anthropic-ratelimit-{kind}-remaining"] = left;
            var reset = timeProvider.GetUtcNow().AddMilliseconds(closest.ResetMilliseconds);
            headers[$"anthropic-ratelimit-{kind}-reset"] = reset.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            return;
        }

        headers[$"x-ratelimit-limit-{kind}"] = limit;
        headers[$"x-ratelimit-remaining-{kind}"] = left;
        headers[$"x-ratelimit-reset-{kind}"] = Format(closest.ResetMilliseconds);
    }
}
