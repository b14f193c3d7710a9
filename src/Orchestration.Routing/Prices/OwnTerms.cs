using System.Globalization;
using System.Text.Json.Serialization;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>What a tenant pays for some models in place of the provider's charge: a margin, or a price of its own.</summary>
internal sealed record OwnTerms
{
    public const string EveryTenant = "*";

    public required string TenantId { get; init; }

    /// <summary>Empty for all.</summary>
    public required string Provider { get; init; }

    /// <summary>Empty for all of the provider.</summary>
    public required string Model { get; init; }

    public DateTimeOffset? EffectiveFrom { get; init; }
    public DateTimeOffset? EffectiveTo { get; init; }

    /// <summary>Grows with every correction.</summary>
    public int Correction { get; init; }

    /// <summary>Percent as a decimal number; null beside an own price.</summary>
    public string? MarginPercent { get; init; }

    /// <summary>The own price; null beside a margin.</summary>
    public CataloguePrice? Price { get; init; }

    /// <summary>What they are about, the same at all times.</summary>
    [JsonIgnore]
    public string Subject => $"{TenantId}:{(Provider.Length == 0 ? "*" : Provider)}/{(Model.Length == 0 ? "*" : Model)}";

    /// <summary>The same for terms and their corrections.</summary>
    [JsonIgnore]
    public string Name => NameOf(Subject, EffectiveFrom);

    public bool HoldsAt(DateTimeOffset at) => (EffectiveFrom is null || EffectiveFrom <= at) && (EffectiveTo is null || at < EffectiveTo);

    public TenantTerms ToWire() => new() { TenantId = TenantId, Provider = Provider, Model = Model, Billing = ToBilling() };

    public BillingTerms ToBilling()
    {
        var id = Name + (Correction == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"~{Correction}"));
        var billing = new BillingTerms { TermsId = id, MarginPercent = MarginPercent ?? "" };
        if (Price is not null)
        {
            billing.Price = PriceRecords.From(new CatalogueModel { Provider = Provider, Id = Model, Mode = "chat", Status = "active", Prices = [] }, Price);
            billing.Price.PriceId = id;
        }

        return billing;
    }

    public static string NameOf(string subject, DateTimeOffset? from) =>
        string.Create(CultureInfo.InvariantCulture, $"{subject}@{(from is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "always")}");
}

/// <summary>One row of <c>tenant_terms</c>; the latest version of a name counts. Rows are only ever added.</summary>
internal sealed class TenantTermsRow
{
    public long Sequence { get; init; }
    public required string Name { get; init; }
    public required int Version { get; init; }
    public required string TenantId { get; init; }

    /// <summary>The terms as JSON.</summary>
    public required string Document { get; init; }

    public required string Source { get; init; }
    public bool Withdrawn { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
