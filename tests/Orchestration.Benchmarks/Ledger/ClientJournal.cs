using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Sends requests and writes down what a client can know of each: its id and whether the answer was whole.</summary>
internal sealed partial class ClientJournal(Func<Uri> gateway, string key, string model, int requests) : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentQueue<ClientRecord> _records = [];
    private int _next;
    private int _finished;
    private int _refused;

    public IReadOnlyCollection<ClientRecord> Records => _records;

    /// <summary>Questions that came to an end: answered, or broken in the middle of an answer.</summary>
    public int Finished => _finished;

    /// <summary>Tries that were refused, or got no answer at all, such as those to a gateway that is down.</summary>
    public int Refused => _refused;

    public Task RunAsync(int clients, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => WorkAsync(cancellationToken), CancellationToken.None)));

    public void Dispose() => _client.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref _next) is var number && number <= requests)
        {
            var question = Question.Of(number, model);
            while (!Keep(await TryAsync(number, question)))
            {
                Interlocked.Increment(ref _refused);
                if (cancellationToken.IsCancellationRequested)
                    return;
                await Task.Delay(RetryDelay, TimeProvider.System, CancellationToken.None);
            }
            Interlocked.Increment(ref _finished);
        }
    }

    /// <summary>False when the question must be asked again.</summary>
    private bool Keep(ClientRecord? record)
    {
        if (record is null)
            return false;
        _records.Enqueue(record);
        return record.Status < 500 && record.Status != 429;
    }

    private async Task<ClientRecord?> TryAsync(int number, Question question)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway(), question.Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new ByteArrayContent(question.Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var start = TimeProvider.System.GetTimestamp();
        string? id = null;
        var status = 0;
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            status = (int)response.StatusCode;
            id = response.Headers.TryGetValues("x-request-id", out var ids) ? ids.First() : null;
            var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(CancellationToken.None));
            var whole = response.IsSuccessStatusCode && (!question.Streamed || text.Contains("data: [DONE]", StringComparison.Ordinal));
            return new ClientRecord(number, id, status, whole, start, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, response.IsSuccessStatusCode ? "" : Code().Match(text).Value);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            return id is null ? null : new ClientRecord(number, id, status, false, start, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, "no_end");
        }
    }

    [GeneratedRegex("(?<=\"code\":\\s?\")[a-z_]+")]
    private static partial Regex Code();
}
