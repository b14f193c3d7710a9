using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Limits;

internal static class LimitFailures
{
    public const string ConcurrencyCode = "concurrency_limit_exceeded";

    /// <summary>Names the limit, its level and when it has room again.</summary>
    public static Failure Exceeded(LimitCounter counter, long waitMilliseconds)
    {
        var failure = new Failure
        {
            FailureClass = FailureClass.RateLimited,
            Code = counter.IsConcurrency ? ConcurrencyCode : "rate_limit_exceeded",
            Message = $"The limit of {Describe(counter)} is reached. {Reset(counter, waitMilliseconds)}",
            Limit = Describe(counter),
            Retryable = waitMilliseconds >= 0,
        };
        if (waitMilliseconds >= 0)
            failure.RetryAfter = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(Math.Max(1, waitMilliseconds)));
        return failure;
    }

    private static string Describe(LimitCounter counter)
    {
        var window = counter.IsConcurrency
            ? "at the same time"
            : string.Create(CultureInfo.InvariantCulture, $"in {counter.WindowMilliseconds / 1000} seconds");
        var model = counter.Model.Length > 0 ? $" for '{counter.Model}'" : "";
        var what = $"{(counter.IsTokens ? "token" : "request")}{(counter.Amount == 1 ? "" : "s")}";
        return string.Create(CultureInfo.InvariantCulture, $"{counter.Amount} {what} of the {counter.Level}{model} {window}");
    }

    private static string Reset(LimitCounter counter, long waitMilliseconds)
    {
        if (counter.IsConcurrency)
            return "There is room when one of them ends.";
        return waitMilliseconds < 0
            ? string.Create(CultureInfo.InvariantCulture, $"This request alone may need {counter.Taken}.")
            : $"There is room for this request in {LimitHeaders.Format(waitMilliseconds)}.";
    }
}
