using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>A numbered folder with a spool file, held by one process at a time through a file lock.</summary>
/// <remarks>The kernel gives the lock up with its process, so what a killed process left is free at once.</remarks>
internal sealed partial class OutboxSlot : IDisposable
{
    private const string Prefix = "slot-";
    private const string LockName = "lock";
    private const string SpoolName = "spool.db";
    private const int MaxSlots = 1_000;

    private readonly FileStream _lock;

    private OutboxSlot(FileStream claim, string folder, int number, OutboxOptions options, TimeProvider timeProvider, ILogger logger, bool alreadyChecked)
    {
        _lock = claim;
        Number = number;
        File = OpenFile(Path.Combine(folder, SpoolName), options.MaxFileBytes, timeProvider.GetUtcNow(), logger, alreadyChecked);
        Writer = new SpoolWriter(File, timeProvider, Path.GetFileName(folder));
    }

    public int Number { get; }

    public SpoolFile File { get; }

    public SpoolWriter Writer { get; }

    /// <summary>The free slot of the lowest number, made if there is none.</summary>
    public static OutboxSlot ClaimFree(OutboxOptions options, TimeProvider timeProvider, ILogger logger)
    {
        for (var number = 0; number < MaxSlots; number++)
        {
            if (TryClaim(options, number, timeProvider, logger) is { } slot)
            {
                return slot;
            }
        }

        throw new IOException($"All {MaxSlots} outbox slots in {options.Directory} are taken.");
    }

    /// <summary>Numbers of the slots in a folder, taken or not.</summary>
    public static IEnumerable<int> Existing(string directory)
    {
        foreach (var folder in Directory.EnumerateDirectories(directory, $"{Prefix}*"))
        {
            if (int.TryParse(Path.GetFileName(folder)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && System.IO.File.Exists(Path.Combine(folder, SpoolName)))
            {
                yield return number;
            }
        }
    }

    /// <summary>The slot, or null when another process holds it. Its file is checked for damage unless that was done already.</summary>
    public static OutboxSlot? TryClaim(OutboxOptions options, int number, TimeProvider timeProvider, ILogger logger, bool alreadyChecked = false)
    {
        var folder = Path.Combine(options.Directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}"));
        Directory.CreateDirectory(folder);
        if (TryLock(Path.Combine(folder, LockName)) is not { } claim)
        {
            return null;
        }

        try
        {
            return new OutboxSlot(claim, folder, number, options, timeProvider, logger, alreadyChecked);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Writer.Dispose();
        File.Dispose();
        _lock.Dispose();
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (System.IO.File.Exists(path))
        {
            return null;
        }
    }

    private static SpoolFile OpenFile(string path, long maxBytes, DateTimeOffset now, ILogger logger, bool alreadyChecked)
    {
        try
        {
            return new SpoolFile(path, maxBytes, now, alreadyChecked);
        }
        catch (SqliteException exception) when (SqliteErrors.IsDamage(exception))
        {
            var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{now:yyyyMMddHHmmssfff}");
            foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm"])
            {
                if (System.IO.File.Exists(path + suffix))
                {
                    System.IO.File.Move(path + suffix, aside + suffix);
                }
            }

            Log.Damaged(logger, exception, path, aside);
            return new SpoolFile(path, maxBytes, now);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The event spool {Path} is damaged and was set aside as {Aside}; undelivered events in it are missing from the ledger until it is repaired")]
        public static partial void Damaged(ILogger logger, Exception exception, string path, string aside);
    }
}
