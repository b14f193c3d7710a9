using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Tests.Policy;

public sealed class ValidateVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("validate-verb-");
    private readonly StringWriter _output = new();

    [Fact]
    public void A_right_file_ends_with_0_and_a_wrong_one_with_1_and_its_place()
    {
        var right = FileOf("right.yaml", PolicySamples.Yaml);
        var wrong = FileOf("wrong.yaml", PolicySamples.With("max_attempts: 2", "max_attempts: 11"));

        ValidateVerb.Run([right], _output, _output).ShouldBe(0);
        ValidateVerb.Run([right, wrong], _output, _output).ShouldBe(1);

        _output.ToString().ShouldContain($"{wrong}:20:32: routes.plain.execution.max_attempts is not a whole number from 1 to 10");
    }

    [Fact]
    public void An_overlay_is_checked_beside_its_installation()
    {
        var overlay = FileOf("acme.yaml", "label: acme\ncolour: red");

        ValidateVerb.Run([FileOf("right.yaml", PolicySamples.Yaml), "--overlay", $"acme={overlay}"], _output, _output).ShouldBe(1);

        _output.ToString().ShouldContain($"{overlay}:2:9: colour is not a known member");
    }

    [Theory]
    [InlineData]
    [InlineData("--overlay", "acme")]
    [InlineData("--nonsense", "x")]
    [InlineData("/nowhere/at/all.yaml")]
    public void Arguments_without_sense_end_with_2(params string[] arguments) => ValidateVerb.Run(arguments, _output, _output).ShouldBe(2);

    public void Dispose()
    {
        _output.Dispose();
        _folder.Delete(recursive: true);
    }

    private string FileOf(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
