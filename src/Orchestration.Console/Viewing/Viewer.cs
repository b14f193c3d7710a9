using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Accounts.V1;

namespace Orchestration.Console.Viewing;

/// <summary>Who looks at a live page, and the clock on their wall. One for each page that is open.</summary>
internal sealed class Viewer(TimeProvider time)
{
    private static readonly OperatorRole[] Changers = [OperatorRole.Owner, OperatorRole.Operator];

    /// <summary>The operator that is signed in; null until the page knows.</summary>
    public Operator? Operator { get; private set; }

    /// <summary>Zone of the viewer's browser; UTC until the page knows.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public OperatorRole Role => Operator?.Role ?? OperatorRole.Unspecified;

    /// <summary>May change how the installation works: routes, providers, channels, messages that failed.</summary>
    public bool MayOperate => Changers.Contains(Role);

    /// <summary>May change accounts: tenants' projects and keys.</summary>
    public bool MayAdministerTeams => MayOperate || Role == OperatorRole.TeamAdmin;

    /// <summary>May change what is paid: budgets, prices, invoices.</summary>
    public bool MayChangeMoney => MayOperate || Role == OperatorRole.Finance;

    /// <summary>May open what the audit log holds.</summary>
    public bool MayAudit => Role is OperatorRole.Owner or OperatorRole.TeamAdmin;

    /// <summary>May read what concerns every tenant.</summary>
    public bool SeesInstallation => Role != OperatorRole.TeamAdmin;

    /// <summary>The tenant that the operator is bound to; empty when it is none.</summary>
    public string TenantId => Operator?.TenantId ?? "";

    public DateTimeOffset Now => TimeZoneInfo.ConvertTime(time.GetUtcNow(), Zone);

    public void Become(Operator known, string zone)
    {
        Operator = known;
        Zone = TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc;
    }

    /// <summary>A moment on the viewer's clock, to the second: the time alone when it was today.</summary>
    public string Moment(Timestamp? timestamp)
    {
        if (timestamp is null)
            return "–";
        var local = TimeZoneInfo.ConvertTime(timestamp.ToDateTimeOffset(), Zone);
        return local.ToString(local.Date == Now.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>A moment with everything: day, thousandths, and how far the clock is from UTC.</summary>
    public string FullMoment(Timestamp? timestamp) => timestamp is null
        ? ""
        : TimeZoneInfo.ConvertTime(timestamp.ToDateTimeOffset(), Zone).ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);
}
