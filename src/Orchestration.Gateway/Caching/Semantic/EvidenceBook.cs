using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>
/// The evidence of the partitions that are asked for, fitted beside the requests and looked at again now and then. Every gateway fits its own
/// from the same rows.
/// </summary>
internal sealed class EvidenceBook(SemanticStore store, IOptions<CacheOptions> options, TimeProvider timeProvider) : IDisposable
{
    private readonly ConcurrentDictionary<string, Page> _pages = new(StringComparer.Ordinal);
    // One at a time: fitting takes a core.
    private readonly SemaphoreSlim _fitting = new(1);

    /// <summary>What is known of a partition.</summary>
    /// <exception cref="Exception">The first look at its samples failed.</exception>
    public async Task<Evidence> FindAsync(SemanticPartition partition, double budget)
    {
        if (_pages.Count > options.Value.MaxPartitions)
            Forget();
        var page = _pages.GetOrAdd($"{partition.TenantId}/{partition.Fingerprint}/{budget}", _ => new Page());
        page.UsedAt = timeProvider.GetTimestamp();
        if (page.Evidence is not { } known)
            return await page.ReadOnceAsync(() => ReadAsync(page, partition, budget));
        if (timeProvider.GetElapsedTime(page.ReadAt) >= options.Value.EvidenceEvery)
            _ = page.ReadOnceAsync(() => ReadAsync(page, partition, budget)).ContinueWith(read => read.Exception, TaskScheduler.Default);
        return known;
    }

    public void Dispose() => _fitting.Dispose();

    private async Task<Evidence> ReadAsync(Page page, SemanticPartition partition, double budget)
    {
        page.ReadAt = timeProvider.GetTimestamp();
        if (page.Evidence is { } known && !known.IsStale(await store.FreshAsync(partition, page.Newest, CancellationToken.None)))
            return known;
        await _fitting.WaitAsync();
        try
        {
            var (samples, newest) = await store.SamplesAsync(partition, CancellationToken.None);
            var evidence = await Task.Run(() => Evidence.Of(samples, budget));
            (page.Evidence, page.Newest) = (evidence, newest);
            return evidence;
        }
        finally
        {
            _fitting.Release();
        }
    }

    private void Forget()
    {
        foreach (var (name, _) in _pages.OrderBy(page => page.Value.UsedAt).Take(_pages.Count / 2).ToList())
            _pages.TryRemove(name, out _);
    }

    private sealed class Page
    {
        private readonly Lock _gate = new();
        private Task<Evidence>? _reading;

        public volatile Evidence? Evidence;

        public DateTimeOffset Newest { get; set; }

        public long ReadAt { get; set; }

        public long UsedAt { get; set; }

        /// <summary>Reads, or waits for who reads already.</summary>
        public Task<Evidence> ReadOnceAsync(Func<Task<Evidence>> read)
        {
            lock (_gate)
            {
                if (_reading is null or { IsCompleted: true })
                    _reading = read();
                return _reading;
            }
        }
    }
}
