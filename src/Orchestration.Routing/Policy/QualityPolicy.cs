namespace Orchestration.Routing.Policy;

/// <summary>What to expect of a model's answers, in place of what was shipped.</summary>
internal sealed record QualityPolicy(string Model, decimal Simple, decimal Moderate, decimal Complex, int Line)
{
    public static IReadOnlyList<QualityPolicy> Read(YamlSection? section)
    {
        var read = new List<QualityPolicy>();
        foreach (var model in section?.Names() ?? [])
        {
            if (section!.Section(model) is not { } priors) continue;
            read.Add(new QualityPolicy(model, Prior(priors, RequestClasses.Simple), Prior(priors, RequestClasses.Moderate), Prior(priors, RequestClasses.Complex), priors.Line));
            priors.Close();
        }

        return read;
    }

    private static decimal Prior(YamlSection section, string requestClass)
    {
        if (!section.IsText(requestClass)) section.Fail(requestClass, "is missing");
        return section.Number(requestClass, 0, 1) ?? 0;
    }
}
