using Microsoft.EntityFrameworkCore;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Data;

/// <summary>Puts the policy of an operator's file in force: a new version when the text is new, the old one when it was there before.</summary>
internal sealed class PolicyFile(RoutingDbContext db, ModelCatalogue catalogue, DateTimeOffset now)
{
    private const string Source = "file";

    /// <exception cref="InvalidPolicyException">The policy has mistakes; nothing is changed.</exception>
    public async Task ActivateAsync(string path, CancellationToken cancellationToken)
    {
        var yaml = await File.ReadAllTextAsync(path, cancellationToken);
        var label = PolicyValidation.Checked(yaml, catalogue).Label;
        var hash = new PolicyTexts(yaml).Hash();
        var policy = await db.Policies.SingleOrDefaultAsync(p => p.Hash == hash, cancellationToken);
        if (policy is { Active: true }) return;

        var previous = await db.Policies.Where(p => p.Active).Select(p => p.Version).SingleOrDefaultAsync(cancellationToken);
        await db.Policies.Where(p => p.Active).ExecuteUpdateAsync(set => set.SetProperty(p => p.Active, false), cancellationToken);
        if (policy is null) db.Policies.Add(policy = new PolicyRow { Yaml = yaml, Hash = hash, Label = label, Source = Source, Active = true, CreatedAt = now });
        policy.Active = true;
        await db.SaveChangesAsync(cancellationToken);
        db.PolicyActivations.Add(new PolicyActivationRow { Version = policy.Version, PreviousVersion = previous, Author = Source, ActivatedAt = now });
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }
}
