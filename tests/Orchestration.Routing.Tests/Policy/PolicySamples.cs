using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;
using Orchestration.Testing;

namespace Orchestration.Routing.Tests.Policy;

internal static class PolicySamples
{
    public static readonly ModelCatalogue Catalogue = CatalogueReader.ReadShipped();

    /// <summary>Small and right.</summary>
    public const string Yaml = SamplePolicy.Yaml;

    public static PolicyDocument Checked(string yaml = Yaml) => PolicyValidation.Checked(yaml, Catalogue);

    public static string With(string oldText, string newText) => SamplePolicy.With(oldText, newText);
}
