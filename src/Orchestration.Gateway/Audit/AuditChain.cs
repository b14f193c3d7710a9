using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Tenants;

namespace Orchestration.Gateway.Audit;

/// <summary>
/// Recomputes the chain of the audit log by its written rule, apart from the database's own code: each hash is SHA-256 over the hash before and
/// the fields of the line, each with its length in bytes and a colon before it.
/// </summary>
internal sealed class AuditChain(IDbContextFactory<GatewayDbContext> contexts)
{
    private const int HashDigits = 64;
    private static readonly byte[] Beginning = new byte[SHA256.HashSizeInBytes];

    public async Task<ChangeOutcome<AuditVerification>> VerifyAsync(VerifyAuditRequest request, CancellationToken cancellationToken)
    {
        if (request.KnownNumber < 0 || request.KnownNumber > 0 != request.KnownHash.Length > 0
            || (request.KnownHash.Length > 0 && (request.KnownHash.Length != HashDigits || !request.KnownHash.All(char.IsAsciiHexDigit))))
            return Failures.Invalid("invalid_known_hash", "A known line has a number and a hash of 64 hex digits.", "known_hash");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var previous = Beginning;
        var count = 0L;
        var knownSeen = request.KnownNumber == 0;
        await foreach (var line in context.AuditRecords.AsNoTracking().OrderBy(line => line.Number).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (WhatIsWrong(line, count + 1, previous) is { } reason)
                return Broken(count, line.Number, reason);
            if (line.Number == request.KnownNumber && !line.Hash.AsSpan().SequenceEqual(Convert.FromHexString(request.KnownHash)))
                return Broken(count, line.Number, "The line is not the one whose hash is known: the chain was written anew.");
            knownSeen |= line.Number == request.KnownNumber;
            previous = line.Hash;
            count++;
        }

        return knownSeen
            ? new AuditVerification { Intact = true, Lines = count, HeadHash = Convert.ToHexStringLower(previous) }
            : Broken(count, request.KnownNumber, "The line whose hash is known is gone.");
    }

    private static string? WhatIsWrong(AuditRecord line, long number, byte[] previous)
    {
        if (line.Number != number)
            return string.Create(CultureInfo.InvariantCulture, $"Line {number} is gone.");
        if (!line.PreviousHash.AsSpan().SequenceEqual(previous))
            return "The line does not follow the one before it.";
        return line.Hash.AsSpan().SequenceEqual(HashOf(line)) ? null : "The line is not what was written.";
    }

    private static byte[] HashOf(AuditRecord line)
    {
        var text = new StringBuilder();
        var microseconds = (line.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        foreach (var field in (string[])
        [
            line.Number.ToString(CultureInfo.InvariantCulture), microseconds.ToString(CultureInfo.InvariantCulture), line.Actor, line.ActorName, line.Role,
            line.Address, line.Method, line.Outcome, line.TenantId, line.Target, line.Before, line.After, line.RequestId,
        ])
            text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(field)}:{field}");
        return SHA256.HashData([.. line.PreviousHash, .. Encoding.UTF8.GetBytes(text.ToString())]);
    }

    private static AuditVerification Broken(long intact, long number, string reason) => new() { Lines = intact, FirstBroken = number, Reason = reason };
}
