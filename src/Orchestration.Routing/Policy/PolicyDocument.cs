namespace Orchestration.Routing.Policy;

/// <summary>A policy: what may be asked for, where it is sent, under which rules. Read from YAML as a whole.</summary>
internal sealed record PolicyDocument
{
    /// <summary>Name for people; the version is given by the store.</summary>
    public required string Label { get; init; }

    /// <summary>Allows simulated deployments beside real ones in one chain.</summary>
    public required bool AllowSimulated { get; init; }

    /// <summary>Which of <see cref="ClassifierNames"/> finds the class of a prompt.</summary>
    public string Classifier { get; init; } = ClassifierNames.Keywords;

    public required int DefaultMaxOutput { get; init; }
    public required ExecutionPolicy Execution { get; init; }

    /// <summary>Of every route that has none of its own; null keeps nothing.</summary>
    public required CachePolicy? Cache { get; init; }

    /// <summary>How requests that a limit refuses may wait; null when nothing is said.</summary>
    public QueuePolicy? Queue { get; init; }

    public required IReadOnlyList<PolicyRate> Rates { get; init; }
    public required IReadOnlyList<PolicyEndpoint> Endpoints { get; init; }
    public required IReadOnlyList<PolicyDeployment> Deployments { get; init; }
    public required IReadOnlyList<PolicyRoute> Routes { get; init; }
    public required IReadOnlyList<PolicyAlias> Aliases { get; init; }

    /// <summary>Models beside the catalogue's: of local servers and relays, whose price only their operator knows.</summary>
    public required IReadOnlyList<PolicyModel> Models { get; init; }

    /// <summary>Where the data of tenants may go.</summary>
    public required IReadOnlyList<PolicyResidency> Residency { get; init; }

    /// <summary>What single tenants have in place of it; read from texts of their own.</summary>
    public IReadOnlyList<TenantOverlay> Overlays { get; init; } = [];

    /// <summary>Candidates by class of every route that chooses by score and names none of its own.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<PolicyReference>> Pools { get; init; }

    /// <summary>What to expect of models' answers, in place of what was shipped.</summary>
    public required IReadOnlyList<QualityPolicy> Quality { get; init; }
}

/// <summary>A dated reference rate between two currencies.</summary>
internal sealed record PolicyRate(string From, string To, string Rate, DateTimeOffset AsOf, int Line);

/// <summary>An address of a vendor: every model of the vendor that has a price in the region is deployed on it.</summary>
internal sealed record PolicyEndpoint(string Provider, string Region, string BaseUrl, string Protocol, IReadOnlyList<string> Modes, IReadOnlyList<string> Except, int Line);

/// <summary>One model behind an address of its own.</summary>
internal sealed record PolicyDeployment(string Id, string Model, string Region, string BaseUrl, string Protocol, string UpstreamModel, bool Simulated, int Line);

/// <summary>A named route: one chain, or one chain per class.</summary>
internal sealed record PolicyRoute
{
    public required string Name { get; init; }
    public required string Mode { get; init; }

    /// <summary>Models as "provider/id", or ids of deployments; empty when the route chooses by class.</summary>
    public required IReadOnlyList<PolicyReference> Chain { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<PolicyReference>> Classes { get; init; }
    public required string DefaultClass { get; init; }
    public required int? DefaultMaxOutput { get; init; }
    public required ExecutionPolicy Execution { get; init; }
    public required CachePolicy? Cache { get; init; }

    /// <summary>How requests that a limit refuses may wait; null when nothing is said.</summary>
    public QueuePolicy? Queue { get; init; }
    public required bool? AllowSimulated { get; init; }
    public required ChoicePolicy Choice { get; init; }

    /// <summary>True when the classes are the policy's pools.</summary>
    public required bool UsesPools { get; init; }

    public required int Line { get; init; }

    /// <summary>Every chain that the route writes down itself.</summary>
    public IEnumerable<IReadOnlyList<PolicyReference>> OwnChains =>
        Choice.Split.Count > 0 ? Choice.Split.Select(arm => arm.Chain) : UsesPools ? [] : Classes.Values.Append(Chain);

    public bool ChoosesByClass => Classes.Count > 0;
}

/// <summary>A member of a chain.</summary>
internal sealed record PolicyReference(string Target, int Line)
{
    /// <summary>Column of the text, from 1.</summary>
    public int Column { get; init; }
}

/// <summary>Another name for a route or for "provider/id".</summary>
internal sealed record PolicyAlias(string Name, string Target, bool Retired, int Line);

/// <summary>Rules of execution; what is null comes from the policy's own rules, and those from <see cref="Default"/>.</summary>
internal sealed record ExecutionPolicy
{
    public static readonly ExecutionPolicy Default = new()
    {
        MaxAttempts = 3,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        FirstTokenTimeout = TimeSpan.FromSeconds(60),
        IdleTimeout = TimeSpan.FromSeconds(60),
        MaxDuration = TimeSpan.FromMinutes(10),
        TotalDeadline = TimeSpan.FromMinutes(12),
        FailoverOnContentFilter = false,
    };

    public int? MaxAttempts { get; init; }
    public TimeSpan? ConnectTimeout { get; init; }
    public TimeSpan? FirstTokenTimeout { get; init; }
    public TimeSpan? IdleTimeout { get; init; }
    public TimeSpan? MaxDuration { get; init; }
    public TimeSpan? TotalDeadline { get; init; }
    public bool? FailoverOnContentFilter { get; init; }
    public TimeSpan? DrainAfterDisconnect { get; init; }
    public int? DrainTokens { get; init; }
    public TimeSpan? HedgeAfter { get; init; }
    public int? HedgeSpendPercent { get; init; }
    public bool? RefuseLargerContext { get; init; }

    public ExecutionPolicy Over(ExecutionPolicy below) => new()
    {
        MaxAttempts = MaxAttempts ?? below.MaxAttempts,
        ConnectTimeout = ConnectTimeout ?? below.ConnectTimeout,
        FirstTokenTimeout = FirstTokenTimeout ?? below.FirstTokenTimeout,
        IdleTimeout = IdleTimeout ?? below.IdleTimeout,
        MaxDuration = MaxDuration ?? below.MaxDuration,
        TotalDeadline = TotalDeadline ?? below.TotalDeadline,
        FailoverOnContentFilter = FailoverOnContentFilter ?? below.FailoverOnContentFilter,
        DrainAfterDisconnect = DrainAfterDisconnect ?? below.DrainAfterDisconnect,
        DrainTokens = DrainTokens ?? below.DrainTokens,
        HedgeAfter = HedgeAfter ?? below.HedgeAfter,
        HedgeSpendPercent = HedgeSpendPercent ?? below.HedgeSpendPercent,
        RefuseLargerContext = RefuseLargerContext ?? below.RefuseLargerContext,
    };
}
