using Orchestration.Benchmarks.Measuring;

namespace Orchestration.Benchmarks.Streams;

/// <summary>Reads one stream and notes when its events arrive.</summary>
internal static class StreamReading
{
    public static async Task<StreamRecord> ReadAsync(LoadTarget target, byte[] body, CancellationToken cancellationToken)
    {
        var record = new StreamRecord();
        await ReadAsync(target, body, record, cancellationToken);
        return record;
    }

    /// <summary>Reads it into a record that others may look at meanwhile.</summary>
    public static async Task ReadAsync(LoadTarget target, byte[] body, StreamRecord record, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var sent = time.GetTimestamp();
        using var response = await target.SendAsync(body, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        var kept = 0;
        var last = 0L;
        while (await stream.ReadAsync(buffer.AsMemory(kept), cancellationToken) is var read and > 0)
        {
            var now = time.GetTimestamp();
            var text = buffer.AsSpan(0, kept + read);
            while (text.IndexOf("\n\n"u8) is var end and >= 0)
            {
                Note(text[..end], record, time, sent, now, ref last);
                text = text[(end + 2)..];
            }
            kept = text.Length;
            text.CopyTo(buffer);
        }
    }

    private static void Note(ReadOnlySpan<byte> line, StreamRecord record, TimeProvider time, long sent, long now, ref long last)
    {
        if (!line.StartsWith("data: "u8))
            return;
        if (line.SequenceEqual("data: [DONE]"u8))
        {
            record.Done = true;
            return;
        }
        // Role, finish and usage chunks are not tokens: they come when they come.
        if (line.IndexOf("\"content\":\""u8) < 0 || line.IndexOf("\"content\":\"\""u8) >= 0)
            return;
        record.Events++;
        if (last == 0)
            record.FirstToken = time.GetElapsedTime(sent, now).TotalMilliseconds;
        else
            record.Gaps.Add(time.GetElapsedTime(last, now).TotalMilliseconds);
        last = now;
    }
}

internal sealed class StreamRecord
{
    public double FirstToken { get; set; } = double.NaN;

    public List<double> Gaps { get; } = new(512);

    public int Events { get; set; }

    public bool Done { get; set; }
}
