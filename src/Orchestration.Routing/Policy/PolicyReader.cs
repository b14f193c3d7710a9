using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Orchestration.Routing.Policy;

/// <summary>Reads the form of a policy: types, known members, bounds. What it means is <see cref="PolicyValidation"/>'s.</summary>
internal static class PolicyReader
{
    public const int MostCharacters = 4 * 1024 * 1024;
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The policy that this build was shipped with.</summary>
    public static string ReadShippedText()
    {
        using var stream = typeof(PolicyReader).Assembly.GetManifestResourceStream("Orchestration.Routing.Policy.default.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <exception cref="InvalidPolicyException">Any mistake of form; all of them are named.</exception>
    public static PolicyDocument Read(string yaml) => Read(yaml, ReadDocument);

    /// <inheritdoc cref="Read(string)"/>
    public static T Read<T>(string yaml, Func<YamlSection, T> read)
    {
        var errors = new List<PolicyError>();
        if (Load(yaml, errors) is { } root)
        {
            var document = read(new YamlSection(root, "", errors));
            if (errors.Count == 0) return document;
        }

        throw new InvalidPolicyException(Placed(errors, yaml));
    }

    /// <summary>Mistakes in their order, each with a column.</summary>
    public static IReadOnlyList<PolicyError> Placed(IReadOnlyList<PolicyError> errors, string yaml)
    {
        if (errors.Count == 0) return errors;
        var lines = yaml.Split('\n');
        return [.. errors.Select(error => error.Placed(lines)).OrderBy(error => error.Line).ThenBy(error => error.Column)];
    }

    private static YamlMappingNode? Load(string yaml, List<PolicyError> errors)
    {
        if (yaml.Length > MostCharacters) return Refuse(1, "is longer than 4 MiB");
        try
        {
            // Aliases could make a short text unfold without end.
            var parser = new Parser(new StringReader(yaml));
            while (parser.MoveNext())
                if (parser.Current is AnchorAlias alias) return Refuse((int)alias.Start.Line, "uses a YAML alias, which is not allowed", (int)alias.Start.Column);

            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count != 1) return Refuse(1, "is not exactly one YAML document");
            return stream.Documents[0].RootNode as YamlMappingNode ?? Refuse(1, "is not a mapping");
        }
        catch (YamlException malformed)
        {
            return Refuse((int)malformed.Start.Line, $"is malformed: {malformed.Message}", (int)malformed.Start.Column);
        }

        YamlMappingNode? Refuse(int line, string message, int column = 1)
        {
            errors.Add(new PolicyError(line, "policy", message) { Column = column });
            return null;
        }
    }

    public static PolicyDocument ReadDocument(YamlSection root)
    {
        var pools = ReadClasses(root.Section("pools"));
        var document = new PolicyDocument
        {
            Label = root.Text("label"),
            AllowSimulated = root.Flag("allow_simulated") ?? false,
            Classifier = root.Text("classifier", whenAbsent: ClassifierNames.Keywords),
            DefaultMaxOutput = root.Integer("default_max_output", 1, 1_000_000) ?? 4096,
            Execution = ReadExecution(root.Section("execution")),
            Cache = CachePolicy.Read(root.Section("cache")),
            Queue = QueuePolicy.Read(root.Section("queue")),
            Rates = [.. root.List("rates").Select(ReadRate)],
            Endpoints = [.. root.List("endpoints").Select(ReadEndpoint)],
            Deployments = [.. root.List("deployments").Select(ReadDeployment)],
            Routes = ReadRoutes(root.Section("routes"), pools),
            Aliases = ReadAliases(root.Section("aliases")),
            Models = [.. root.List("models").Select(PolicyModel.Read)],
            Residency = PolicyResidency.Read(root.Section("residency")),
            Pools = pools,
            Quality = QualityPolicy.Read(root.Section("quality")),
        };
        if (!ClassifierNames.IsKnown(document.Classifier)) root.Fail("classifier", $"is not one of {ClassifierNames.All}");
        root.Close();
        return document;
    }

    private static ExecutionPolicy ReadExecution(YamlSection? section)
    {
        if (section is null) return new ExecutionPolicy();
        var execution = new ExecutionPolicy
        {
            MaxAttempts = section.Integer("max_attempts", 1, 10),
            ConnectTimeout = section.Duration("connect_timeout", Instant, Hour),
            FirstTokenTimeout = section.Duration("first_token_timeout", Instant, Hour),
            IdleTimeout = section.Duration("idle_timeout", Instant, Hour),
            MaxDuration = section.Duration("max_duration", Instant, 24 * Hour),
            TotalDeadline = section.Duration("total_deadline", Instant, 24 * Hour),
            FailoverOnContentFilter = section.Flag("failover_on_content_filter"),
            DrainAfterDisconnect = section.Duration("drain_after_disconnect", Instant, Hour),
            DrainTokens = section.Integer("drain_tokens", 1, 1_000_000),
            HedgeAfter = section.Duration("hedge_after", Instant, Hour),
            HedgeSpendPercent = section.Integer("hedge_spend_percent", 1, 100),
            RefuseLargerContext = section.Flag("refuse_larger_context"),
        };
        section.Close();
        return execution;
    }

    private static PolicyRate ReadRate(YamlSection section)
    {
        var asOf = section.Text("as_of");
        if (!DateTimeOffset.TryParseExact(asOf, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) && asOf.Length > 0)
            section.Fail("as_of", "is not a date such as 2026-11-22");
        var rate = new PolicyRate(section.Text("from"), section.Text("to"), section.Text("rate"), day, section.Line);
        section.Close();
        return rate;
    }

    private static PolicyEndpoint ReadEndpoint(YamlSection section)
    {
        var modes = section.References("modes").Select(m => m.Target).ToList();
        var endpoint = new PolicyEndpoint(
            section.Text("provider"), section.Text("region"), section.Text("base_url"), section.Text("protocol", whenAbsent: "openai"), modes.Count == 0 ? ["chat"] : modes,
            [.. section.References("except").Select(m => m.Target)], section.Line);
        section.Close();
        return endpoint;
    }

    private static PolicyDeployment ReadDeployment(YamlSection section)
    {
        var deployment = new PolicyDeployment(
            section.Text("id"), section.Text("model"), section.Text("region"), section.Text("base_url"),
            section.Text("protocol", whenAbsent: "openai"), section.Text("upstream_model", whenAbsent: ""), section.Flag("simulated") ?? false, section.Line);
        section.Close();
        return deployment;
    }

    private static List<PolicyRoute> ReadRoutes(YamlSection? routes, Dictionary<string, IReadOnlyList<PolicyReference>> pools)
    {
        var read = new List<PolicyRoute>();
        if (routes is null) return read;
        foreach (var (name, section) in routes.Sections()) read.Add(ReadRoute(name, section, pools));
        return read;
    }

    /// <summary>Chains by class; a class without one is left out.</summary>
    public static Dictionary<string, IReadOnlyList<PolicyReference>> ReadClasses(YamlSection? section)
    {
        var classes = new Dictionary<string, IReadOnlyList<PolicyReference>>(StringComparer.Ordinal);
        if (section is null) return classes;
        foreach (var requestClass in RequestClasses.All)
            if (section.References(requestClass) is { Count: > 0 } chain) classes[requestClass] = chain;
        section.Close();
        return classes;
    }

    private static PolicyRoute ReadRoute(string name, YamlSection section, Dictionary<string, IReadOnlyList<PolicyReference>> pools)
    {
        var (choice, chain, classes) = (ChoicePolicy.Read(section), section.References("chain"), ReadClasses(section.Section("classes")));
        if (choice.Split.Count > 0 && chain.Count + classes.Count > 0) section.Fail("split", "stands beside chain or classes; a route has one of them");
        if (choice.Split.Count > 0) chain = [.. choice.Split.SelectMany(arm => arm.Chain).DistinctBy(r => r.Target, StringComparer.OrdinalIgnoreCase)];
        var usesPools = choice.IsScored && chain.Count + classes.Count == 0;
        if (usesPools) classes = pools;
        var route = new PolicyRoute
        {
            Name = name,
            Mode = section.Text("mode", whenAbsent: "chat"),
            Chain = chain,
            Classes = classes,
            DefaultClass = section.Text("default_class", whenAbsent: classes.Count > 0 ? RequestClasses.Moderate : "none"),
            DefaultMaxOutput = section.Integer("default_max_output", 1, 1_000_000),
            Execution = ReadExecution(section.Section("execution")),
            Cache = CachePolicy.Read(section.Section("cache")),
            Queue = QueuePolicy.Read(section.Section("queue")),
            AllowSimulated = section.Flag("allow_simulated"),
            Choice = choice,
            UsesPools = usesPools,
            Line = section.Line,
        };
        section.Close();
        return route;
    }

    private static List<PolicyAlias> ReadAliases(YamlSection? aliases)
    {
        var read = new List<PolicyAlias>();
        if (aliases is null) return read;
        foreach (var name in aliases.Names())
        {
            if (aliases.IsText(name)) read.Add(new PolicyAlias(name, aliases.Text(name), Retired: false, aliases.LineOf(name)));
            else if (aliases.Section(name) is { } section)
            {
                read.Add(new PolicyAlias(name, section.Text("to"), section.Flag("retired") ?? false, section.Line));
                section.Close();
            }
        }

        return read;
    }
}
