using System.Net.Http.Headers;
using System.Text;
using Orchestration.ServiceDefaults.Egress;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>Posts JSON to addresses that operators wrote, through the egress guard.</summary>
internal sealed class ChannelCalls(IHttpClientFactory clients, EgressGuard guard, TimeProvider timeProvider)
{
    public const string Client = "alert-channels";
    private const int MostBytes = 64 * 1024;

    /// <summary>Sends; what stands in the way is said in words that hold no address.</summary>
    /// <param name="address">Whole address.</param>
    /// <param name="json">Body.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public async Task<PostOutcome> PostAsync(
        string address, byte[] json, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !guard.Permits(uri))
            return new PostOutcome.Failed("The address may not be connected to.");

        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await clients.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[MostBytes];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return new PostOutcome.Answered((int)response.StatusCode, Encoding.UTF8.GetString(buffer, 0, length), RetryAfterOf(response));
        }
        catch (HttpRequestException exception) when (exception.InnerException is EgressRefusedException)
        {
            return new PostOutcome.Failed("The address may not be connected to.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new PostOutcome.Failed($"The far side cannot be reached ({(exception as HttpRequestException)?.HttpRequestError.ToString() ?? "broken connection"}).");
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > timeProvider.GetUtcNow() => date - timeProvider.GetUtcNow(),
        _ => null,
    };
}

/// <summary>What came of a post.</summary>
internal abstract record PostOutcome
{
    private PostOutcome()
    {
    }

    internal sealed record Answered(int Status, string Body, TimeSpan? RetryAfter) : PostOutcome
    {
        public bool IsSuccess => Status is >= 200 and < 300;
    }

    internal sealed record Failed(string Reason) : PostOutcome;
}
