using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Sends requests and writes down what a client can know of each: its id and whether the answer was whole.</summary>
internal sealed class ClientJournal(Func<Uri> gateway, string key, string model, int requests) : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentQueue<ClientRecord> _records = [];
    private int _next;
    private int _refused;

    public IReadOnlyCollection<ClientRecord> Records => _records;

    /// <summary>Attempts that got no answer at all, such as those to a gateway that is down.</summary>
    public int Refused => _refused;

    public Task RunAsync(int clients, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => WorkAsync(cancellationToken), cancellationToken)));

    public void Dispose() => _client.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (Interlocked.Increment(ref _next) is var number && number <= requests)
        {
            while (await TryAsync(number, cancellationToken) is not { } record || !Keep(record))
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(RetryDelay, cancellationToken);
            }
        }
    }

    private bool Keep(ClientRecord record)
    {
        _records.Enqueue(record);
        return record.Status < 500 || record.Whole;
    }

    private async Task<ClientRecord?> TryAsync(int number, CancellationToken cancellationToken)
    {
        var stream = number % 2 == 0;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway(), "/v1/chat/completions"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new
        {
            model, stream, max_tokens = 64, messages = new[] { new { role = "user", content = $"Question number {number}: what is the answer?" } },
        }));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        string? id = null;
        var status = 0;
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            status = (int)response.StatusCode;
            id = response.Headers.TryGetValues("x-request-id", out var ids) ? ids.First() : null;
            var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var whole = response.IsSuccessStatusCode && (!stream || text.Contains("data: [DONE]", StringComparison.Ordinal));
            return new ClientRecord(number, id, status, whole);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException
            || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return id is null ? null : new ClientRecord(number, id, status, false);
        }
    }
}

/// <param name="Number">Which question it was.</param>
/// <param name="RequestId">The gateway's id; null when its answer had none.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Whole">True when the answer came to its proper end.</param>
internal sealed record ClientRecord(int Number, string? RequestId, int Status, bool Whole);
