namespace Orchestration.Providers.Chat;

/// <summary>The running attempts of one request: usually one, two while a hedge runs.</summary>
internal sealed class AttemptRace(TimeProvider time)
{
    private readonly List<ChatAttempt> _running = [];

    public int Count => _running.Count;

    public void Add(ChatAttempt attempt) => _running.Add(attempt);

    /// <summary>Takes out the next attempt that ended; null when a time passed first.</summary>
    public async Task<ChatAttempt?> NextAsync(TimeSpan? patience)
    {
        var ended = Task.WhenAny(_running.Select(a => a.Result));
        if (patience is not { } span)
        {
            await ended;
        }
        else if (span <= TimeSpan.Zero || !await EndsWithinAsync(ended, span))
        {
            return null;
        }

        var attempt = _running.Find(a => a.Result.IsCompleted)!;
        _running.Remove(attempt);
        return attempt;
    }

    private async Task<bool> EndsWithinAsync(Task ended, TimeSpan patience)
    {
        using var over = new CancellationTokenSource();
        var pause = Task.Delay(patience, time, over.Token);
        var first = await Task.WhenAny(ended, pause);
        await over.CancelAsync();
        return first == ended;
    }
}
