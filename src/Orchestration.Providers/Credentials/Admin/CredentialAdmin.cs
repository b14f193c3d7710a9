using System.Globalization;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Credentials.Storage;
using Orchestration.Providers.Data;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials.Admin;

/// <summary>What operators do with stored keys. When a call returns, this replica goes by the change; the others follow within a second.</summary>
internal sealed partial class CredentialAdmin(
    VendorProfiles profiles,
    CredentialStore store,
    CredentialEnvelope envelope,
    MasterKeys masterKeys,
    StoredKeys storedKeys,
    TimeProvider time,
    ILogger<CredentialAdmin> logger)
{
    private const int DefaultWeight = 100;
    private const string SwitchedOff = "Switched off by an operator.";

    public async Task<CredentialOutcome> AddAsync(AddCredentialRequest request, CancellationToken cancellationToken)
    {
        if (CredentialChecks.Problem(request, profiles) is { } problem) return problem;
        if (CredentialChecks.SecretOf(request.Secret) is not { } secret) return CredentialChecks.MalformedSecret();
        var now = time.GetUtcNow();
        var row = new RowIdentity(Guid.CreateVersion7(now), request.Provider, request.Region);
        if (envelope.Seal(row, secret) is not { } sealedSecret) return new CredentialOutcome.NoMasterKey();
        if (await store.HoldsAsync(row, envelope.Fingerprints(row, secret), cancellationToken)) return new CredentialOutcome.Duplicate();
        var credential = new StoredCredential
        {
            Id = row.Id,
            Provider = row.Provider,
            Region = row.Region,
            Nonce = sealedSecret.Nonce,
            Ciphertext = sealedSecret.Ciphertext,
            WrappedKey = sealedSecret.WrappedKey,
            KeyVersion = sealedSecret.KeyVersion,
            Fingerprint = sealedSecret.Fingerprint,
            LastFour = secret.LastFour,
            Label = request.Label,
            Weight = request.Weight == 0 ? DefaultWeight : request.Weight,
            ConcurrencyLimit = request.ConcurrencyLimit,
            BalanceWarning = request.BalanceWarning.Length == 0 ? null : decimal.Parse(request.BalanceWarning, CultureInfo.InvariantCulture),
            Status = CredentialStatus.Active,
            CreatedAt = now,
            ChangedAt = now,
        };
        if (!await store.AddAsync(credential, cancellationToken)) return new CredentialOutcome.Duplicate();
        Log.Added(logger, credential.Id, credential.Provider, credential.Region);
        return await DoneAsync(row.Id, cancellationToken);
    }

    public async Task<CredentialOutcome> UpdateAsync(UpdateCredentialRequest request, CancellationToken cancellationToken)
    {
        if (CredentialChecks.Problem(request) is { } problem) return problem;
        if (!Guid.TryParseExact(request.Id, "D", out var id)) return new CredentialOutcome.Unknown();
        if (await store.ChangeAsync(id, row => Change(row, request), cancellationToken) is null) return new CredentialOutcome.Unknown();
        Log.Changed(logger, id);
        return await DoneAsync(id, cancellationToken);
    }

    public async Task<CredentialOutcome> RotateAsync(RotateCredentialRequest request, CancellationToken cancellationToken)
    {
        if (CredentialChecks.SecretOf(request.Secret) is not { } secret) return CredentialChecks.MalformedSecret();
        if (masterKeys.Current is null) return new CredentialOutcome.NoMasterKey();
        if (!Guid.TryParseExact(request.Id, "D", out var id) || await FindAsync(id, cancellationToken) is not { } known) return new CredentialOutcome.Unknown();
        if (await store.HoldsAsync(known.Identity, envelope.Fingerprints(known.Identity, secret), cancellationToken)) return new CredentialOutcome.Duplicate();
        var changed = await store.ChangeAsync(id, row => Reseal(row, secret), cancellationToken);
        if (changed is null) return await FindAsync(id, cancellationToken) is null ? new CredentialOutcome.Unknown() : new CredentialOutcome.Duplicate();
        Log.Rotated(logger, id);
        return await DoneAsync(id, cancellationToken);
    }

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var rowId) || !await store.RemoveAsync(rowId, cancellationToken)) return false;
        Log.Removed(logger, rowId);
        await storedKeys.RefreshAsync(cancellationToken);
        return true;
    }

    private async Task<StoredCredential?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await store.LoadAsync(cancellationToken)).FirstOrDefault(row => row.Id == id);

    private async Task<CredentialOutcome> DoneAsync(Guid id, CancellationToken cancellationToken)
    {
        await storedKeys.RefreshAsync(cancellationToken);
        return new CredentialOutcome.Done(id.ToString("D"));
    }

    private void Change(StoredCredential row, UpdateCredentialRequest request)
    {
        if (request.HasLabel) row.Label = request.Label;
        if (request.HasWeight) row.Weight = request.Weight;
        if (request.HasConcurrencyLimit) row.ConcurrencyLimit = request.ConcurrencyLimit;
        if (request.HasBalanceWarning)
            row.BalanceWarning = request.BalanceWarning.Length == 0 ? null : decimal.Parse(request.BalanceWarning, CultureInfo.InvariantCulture);
        switch (request.State)
        {
            case CredentialState.Active:
                (row.Status, row.Reason, row.RetryAt, row.ChangedAt) = (CredentialStatus.Active, "", null, time.GetUtcNow());
                break;
            case CredentialState.Disabled:
                (row.Status, row.Reason, row.RetryAt, row.ChangedAt) = (CredentialStatus.Disabled, SwitchedOff, null, time.GetUtcNow());
                break;
        }
    }

    // What was found out about the old secret says nothing about the new one; an operator's own switch stays.
    private void Reseal(StoredCredential row, Secret secret)
    {
        row.Take(envelope.Seal(row.Identity, secret)!, secret.LastFour);
        (row.Balance, row.BalanceCurrency, row.BalanceAt) = (null, null, null);
        if (row.Status != CredentialStatus.Disabled) (row.Status, row.Reason, row.RetryAt, row.ChangedAt) = (CredentialStatus.Active, "", null, time.GetUtcNow());
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Key {Key} of {Provider} {Region} was added")]
        public static partial void Added(ILogger logger, Guid key, string provider, string region);

        [LoggerMessage(LogLevel.Information, "Key {Key} was changed")]
        public static partial void Changed(ILogger logger, Guid key);

        [LoggerMessage(LogLevel.Information, "The secret of key {Key} was replaced")]
        public static partial void Rotated(ILogger logger, Guid key);

        [LoggerMessage(LogLevel.Information, "Key {Key} was removed")]
        public static partial void Removed(ILogger logger, Guid key);
    }
}

/// <summary>Outcome of a change to a key.</summary>
internal abstract record CredentialOutcome
{
    private CredentialOutcome()
    {
    }

    internal sealed record Done(string Id) : CredentialOutcome;

    /// <param name="Param">Which member of the request.</param>
    /// <param name="Message">What is wrong with it; never its value when that is a secret.</param>
    internal sealed record Invalid(string Param, string Message) : CredentialOutcome;

    internal sealed record Unknown : CredentialOutcome;

    internal sealed record Duplicate : CredentialOutcome;

    internal sealed record NoMasterKey : CredentialOutcome;
}
