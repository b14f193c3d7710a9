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
    private readonly string _folder;

    private OutboxSlot(FileStream claim, string folder, int number, OutboxOptions options, TimeProvider timeProvider, ILogger logger, bool alreadyChecked)
    {
        _lock = claim;
        _folder = folder;
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

    /// <summary>Damaged files that lie beside the slot's own until an operator has dealt with them.</summary>
    public int CountDamaged() =>
        Directory.GetFiles(_folder, $"{SpoolName}.damaged-*").Count(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal));

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

            return Salvage(path, aside, new SpoolFile(path, maxBytes, now), now, exception, logger);
        }
    }

    private static SpoolFile Salvage(string path, string aside, SpoolFile fresh, DateTimeOffset now, SqliteException damage, ILogger logger)
    {
        try
        {
            var bodies = SpoolSalvage.Read(aside);
            fresh.Begin();
            bodies.ForEach(body => fresh.Insert(body, now));
            fresh.Commit();
            Log.Damaged(logger, damage, path, aside, bodies.Count);
        }
        catch (Exception exception) when (exception is SqliteException or IOException)
        {
            // The file that was set aside still has them; a service that does not start would lose more.
            fresh.TryRollback();
            Log.NotSalvaged(logger, exception, path, aside);
        }

        return fresh;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The event spool {Path} is damaged and was set aside as {Aside}; {Salvaged} events could be read and are delivered again, what could not be is missing from the ledger")]
        public static partial void Damaged(ILogger logger, Exception exception, string path, string aside, int salvaged);

        [LoggerMessage(LogLevel.Critical, "The event spool {Path} is damaged and was set aside as {Aside}; nothing in it could be salvaged yet, so its events are missing from the ledger")]
        public static partial void NotSalvaged(ILogger logger, Exception exception, string path, string aside);
    }
}
