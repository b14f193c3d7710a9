using System.Net.Http.Headers;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Sse;
using Orchestration.Providers.Credentials;
using Orchestration.Providers.Egress;
using Orchestration.ServiceDefaults.Egress;

namespace Orchestration.Providers.Execution;

/// <summary>Sends one attempt and turns everything that HTTP can do into an answer to read or a failure.</summary>
internal sealed partial class UpstreamTransport(UpstreamClients clients, TimeProvider time, ILogger<UpstreamTransport> logger)
{
    private const string AttemptHeader = "x-orchestration-attempt";
    private const int MaxErrorBytes = 64 * 1024;
    private const long MaxStreamBytes = 256L * 1024 * 1024;

    /// <returns>How the attempt failed; null when the answer is complete.</returns>
    public async Task<TransportOutcome> RunAsync(AttemptWork work, IAnswerReader reader, AttemptClock clock)
    {
        HttpResponseMessage? response = null;
        try
        {
            using var request = NewRequest(work, clock);
            response = await clients.For(work.Candidate.Deployment).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, clock.Token);
            clock.BodyStarted();
            var body = await response.Content.ReadAsStreamAsync(clock.Token);
            await using var observed = new ObservedStream(body, clock.ReadBegins, clock.ReadEnds, MaxStreamBytes);
            return await ReadAsync(work, response, observed, reader, clock);
        }
        catch (Exception exception)
        {
            return Explain(exception, headersRead: response is not null, clock);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private async Task<TransportOutcome> ReadAsync(AttemptWork work, HttpResponseMessage response, ObservedStream body, IAnswerReader reader, AttemptClock clock)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400) return Rejected(ExecutionFailures.Protocol("The provider answered with a redirect.", "upstream_redirect"), status);
        if (status is < 200 or >= 300) return new TransportOutcome(await ReadErrorAsync(work, response, body, reader, clock));
        if (HasTwoLengths(response))
        {
            await AbandonedBody.CloseConnectionAsync(await response.Content.ReadAsStreamAsync(clock.Token));
            return Rejected(ExecutionFailures.Protocol("The provider's answer names two lengths."), status);
        }

        if (response.Content.Headers.ContentEncoding.Any(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase)))
            return Rejected(ExecutionFailures.Protocol("The provider answered in an encoding that was not asked for."), status);

        return response.Content.Headers.ContentType?.MediaType switch
        {
            "text/event-stream" or "application/x-ndjson" => new TransportOutcome(await reader.ReadAsync(new UpstreamAnswer(body, IsEventStream: true), clock)),
            _ when IsJson(response) =>
                new TransportOutcome(await reader.ReadAsync(new UpstreamAnswer(body, IsEventStream: false), clock)),
            _ => Rejected(ExecutionFailures.Protocol("The provider answered with something that is no model's answer."), status),
        };
    }

    private async Task<Failure> ReadErrorAsync(AttemptWork work, HttpResponseMessage response, Stream body, IAnswerReader reader, AttemptClock clock)
    {
        var buffer = new byte[MaxErrorBytes];
        var length = 0;
        try
        {
            length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, clock.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The status alone says enough when the body of an error is cut or does not come.
        }

        if (length > 0 && !IsJson(response) && logger.IsEnabled(LogLevel.Debug))
            Log.ErrorPage(logger, work.Id, work.Candidate.Deployment.Id, (int)response.StatusCode, OperatorExcerpt.Of(buffer.AsSpan(0, length), work.Candidate.Key.Secret));
        var hints = RetryHints.Parse(Header(response, "Retry-After"), Header(response, "retry-after-ms"), Header(response, "x-should-retry"), time.GetUtcNow());
        hints = hints with
        {
            RetryAfter = hints.RetryAfter
                ?? RetryHints.LongestReset(work.Candidate.Profile.Retry.ResetHeaders, name => Header(response, name))
                ?? AnthropicRateLimits.WaitFor(name => Header(response, name), time.GetUtcNow()),
        };
        var failure = reader.DecodeError((int)response.StatusCode, buffer.AsSpan(0, length), hints);
        if (failure.ProviderStatus == 0) failure.ProviderStatus = (int)response.StatusCode;
        return failure;
    }

    private static HttpRequestMessage NewRequest(AttemptWork work, AttemptClock clock)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(work.Candidate.BaseAddress, work.Path))
        {
            Content = new UpstreamContent(work.Body, clock.Connected),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(work.Streamed ? "text/event-stream" : "application/json"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.ShowKey(work.Candidate.Profile, work.Candidate.Deployment.Protocol, work.Candidate.Key.Secret);
        // Our own id means nothing to a real provider and is nobody else's business; the simulator keeps it in its journal.
        if (work.Candidate.Deployment.Simulated)
            request.Headers.TryAddWithoutValidation(AttemptHeader, work.Id.ToString());
        return request;
    }

    private static TransportOutcome Explain(Exception exception, bool headersRead, AttemptClock clock) => exception switch
    {
        _ when clock.Reason != StopReason.None => new(clock.Reason.ToFailure()),
        SseLimitException or InvalidDataException => new(ExecutionFailures.Protocol("The provider's answer is larger than an answer may be.")),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(ExecutionFailures.Unreachable("upstream_tls")),
        HttpRequestException { InnerException: EgressRefusedException } => new(ExecutionFailures.Unreachable("egress_refused")),
        HttpRequestException { InnerException: TooManyInterimAnswersException } => new(ExecutionFailures.Protocol("The provider sent too many interim answers.")),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } =>
            new(ExecutionFailures.Protocol("The provider's answer is not valid HTTP.")),
        HttpRequestException or IOException when headersRead => new(ExecutionFailures.Truncated()),
        HttpRequestException or IOException => new(ExecutionFailures.Unreachable(), ConnectionLost: clock.RequestSent),
        _ => new(ExecutionFailures.Internal(), Defect: exception),
    };

    private static TransportOutcome Rejected(Failure failure, int status)
    {
        failure.ProviderStatus = status;
        return new TransportOutcome(failure, NoModel: true);
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal));

    // The client takes the first of two lengths; a proxy on the way may have taken the other, and what follows is somebody else's answer.
    private static bool HasTwoLengths(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths) && lengths.Distinct(StringComparer.Ordinal).Count() > 1;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Attempt {AttemptId} on {Deployment} was answered {Status} with a page that is no provider's: {Excerpt}")]
        public static partial void ErrorPage(ILogger logger, Guid attemptId, string deployment, int status, string excerpt);
    }
}

/// <summary>How the transport of an attempt ended.</summary>
/// <param name="Failure">How it failed; null when the answer is complete.</param>
/// <param name="ConnectionLost">True when a connection ended before a single byte of an answer.</param>
/// <param name="NoModel">True when what came back was no answer of a model: a redirect, a page of a proxy.</param>
/// <param name="Defect">An exception that nothing explains.</param>
internal sealed record TransportOutcome(Failure? Failure, bool ConnectionLost = false, bool NoModel = false, Exception? Defect = null);
